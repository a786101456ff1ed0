// The time by the server's clock, on a phone whose own may be wrong.
const time = (() => {
  let ahead = 0; // milliseconds that the server's clock is ahead of this phone's
  let last = 0;
  let steady = Date.now() - performance.now();

  // A clock that is set while the page is open shows against the one that only counts up.
  function now() {
    const jumped = Date.now() - performance.now() - steady;
    if (Math.abs(jumped) > 2000) {
      ahead -= jumped;
      steady += jumped;
    }
    return Math.round(Date.now() + ahead);
  }

  return {
    now,
    // The moment of the next tap: always later than the one before, so that their order is kept.
    next: () => (last = Math.max(now(), last + 1)),
    learn: (serverNow) => { ahead = serverNow - Date.now(); steady = Date.now() - performance.now(); return ahead; },
    remember: (kept) => { ahead = (kept && kept.ahead) || 0; last = (kept && kept.last) || 0; },
    kept: () => ({ ahead, last }),
    said: (moment) => new Date(moment).toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit", timeZone: "Europe/London" }),
  };
})();
