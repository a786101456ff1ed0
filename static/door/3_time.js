// The time by the server's clock, on a phone whose own may be wrong.
const time = (() => {
  let ahead = 0; // milliseconds that the server's clock is ahead of this phone's
  let doubt = Infinity; // milliseconds that `ahead` may be wrong by
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

  // The server said its time somewhen between asking and hearing. What is believed already stands while it fits that.
  function learn(serverNow, asked) {
    now();
    const heard = Date.now();
    const fits = serverNow - heard <= ahead && ahead <= serverNow - asked;
    if (fits && heard - asked >= doubt) return;
    ahead = serverNow - (asked + heard) / 2;
    doubt = heard - asked;
  }

  // The first one of a page takes a slow phone 150 milliseconds: it is made while the PIN is typed, not with the first tap.
  let words = null;
  const ready = () => (words = words || new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "2-digit", hour12: true, timeZone: "Europe/London" }));

  // "9:05am", as the rest of the site says it.
  function said(moment) {
    return ready().format(moment).replace(":00", "").replace(/\s/g, "").toLowerCase();
  }

  return {
    now,
    // The moment of the next tap: always later than the one before, so that their order is kept.
    next: () => (last = Math.max(now(), last + 1)),
    learn,
    remember: (kept) => { doubt = Infinity; ahead = (kept && kept.ahead) || 0; last = (kept && kept.last) || 0; },
    kept: () => ({ ahead, last }),
    said,
    ready,
  };
})();
