// Every tap and every form of the page, and the rounds on which it sends.
(() => {
  const { $, say, many } = show;
  const ROWS = ["01234567890", "09876543210"];
  const isEasy = (pin) => /^(\d{1,3})\1+$/.test(pin) || ROWS.some((row) => row.includes(pin));
  const HIDDEN_LOCKS = 5 * 60 * 1000; // milliseconds that the page may be out of sight before it locks itself
  const LINK = /^#[a-z2-7]{26}$/;
  let token = LINK.test(location.hash) ? location.hash.slice(1) : "";
  let asked = null; // a walk-in for whom there is no room
  let asker = null; // the button that was tapped for them
  let hiddenAt = 0;
  let isElsewhere = false; // what was tapped led to another place on purpose
  let last = null; // tap
  const ROW = "[data-place], [data-subject], [data-booking]";
  const mark = (each) => JSON.stringify({ ...each.dataset });

  async function start() {
    if ("serviceWorker" in navigator) navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/door/phone" }).catch(() => {});
    const now = await phone.begin();
    if (token && now.isOpened && (await phone.knowsLink(token))) {
      token = "";
      history.replaceState(null, "", location.pathname);
    }
    if (token && now.isOpened) {
      await phone.sync();
      const n = (await phone.waiting()).length;
      if (n) { show.screen("need-link"); show.alarm(many("old_waits_one", "old_waits", n)); return; }
    }
    setTimeout(time.ready); // before anybody taps
    if (token) return show.screen("enrol");
    if (now.isLocked && (await phone.isOver())) await phone.wipe("over");
    else if (now.isLocked) { show.screen("unlock"); return round(); }
    show.screen((await phone.gone()) ? "gone" : "need-link");
    if (now.isOpened) { await show.gone(); await round(); }
  }

  // Sends, fetches, and shows what came of it.
  async function round() {
    const wasOpen = phone.isOpen;
    if (await phone.isOver()) await phone.wipe("over");
    await phone.sync();
    const isGone = await phone.gone();
    if (isGone) {
      if ($("gone").hidden) show.screen("gone");
      await show.gone();
    } else if (wasOpen && phone.isOpen && !show.isWhole()) refreshed();
    await show.state();
  }

  // The list came anew: nobody may lose their place in it.
  function refreshed() {
    steady(document.activeElement, show.whole);
  }

  // What was tapped, or its row if it went, keeps its place on the screen, and the focus.
  function steady(it, deed) {
    const again = inList(it);
    const row = it.closest(ROW) || it;
    const top = (each) => each.getBoundingClientRect().top;
    const [ofIt, ofRow] = [top(it), top(row)];
    isElsewhere = false;
    deed();
    const seen = (each) => each && each.getClientRects().length;
    const now = seen(it) ? it : again && again();
    if (isElsewhere || !seen(now)) return;
    const moved = top(now) - (now.matches(ROW) ? ofRow : ofIt);
    if (now !== it && !now.contains(document.activeElement)) (now.disabled ? now.closest(ROW) : now).focus({ preventScroll: true });
    if (moved) scrollBy(0, moved);
  }

  function goTo(it) {
    isElsewhere = true;
    it.focus();
  }

  // Gives a way to find what stands in a list again, after the list is made anew.
  function inList(focused) {
    const row = focused.closest(ROW);
    if (!row) return null;
    const list = row.closest("ul[id]").id;
    const [ofRow, ofIt] = [mark(row), mark(focused)];
    return () => {
      const fresh = row.isConnected ? row : [...$(list).querySelectorAll(ROW)].find((each) => mark(each) === ofRow);
      return fresh && ([...fresh.querySelectorAll("button, summary")].find((each) => mark(each) === ofIt && !each.hidden) || fresh);
    };
  }

  function soon() { clearTimeout(soon.waiting); soon.waiting = setTimeout(round, 800); }

  async function kept(promise) {
    show.counts();
    await promise;
    await show.state();
    soon();
  }

  // A second tap at once on something else, which slid under the finger, is not meant. The keyboard means what it presses.
  document.addEventListener("click", (event) => {
    const it = event.target.closest("button, summary");
    if (!it || !event.detail) return;
    const tap = { at: event.timeStamp, x: event.clientX, y: event.clientY, what: mark(it.closest(ROW) || it) + mark(it) + it.textContent };
    const isSecond = last && tap.at - last.at < 700 && Math.hypot(tap.x - last.x, tap.y - last.y) < 24;
    const isAgain = isSecond && tap.what === last.what;
    const isDouble = isAgain && it.dataset.deed === "walk-in" && tap.at - last.at < 400; // a hand that shakes; two people take longer
    if (!isSecond || isAgain && !isDouble) last = tap;
    else { event.preventDefault(); event.stopPropagation(); it.blur(); }
  }, true);
  document.addEventListener("input", () => { last = null; }); // who types or chooses has gone on

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-deed]");
    if (button && button.dataset.deed !== "not-in") asker = button;
    if (button && register.pack) steady(button, () => tapped(button, button.dataset.deed));
  });

  function tapped(button, deed) {
    const place = button.closest("[data-place]");
    const booking = button.closest("[data-booking]");
    const row = button.closest("[data-subject]");
    if (place || button.dataset.absent) tapPerson(button, deed);
    else if (booking && (deed === "more" || deed === "fewer")) tapChildren(booking, deed === "more" ? 1 : -1);
    else if (booking) tapTurn(booking, { late: "late", left: "left", "no-turn": null }[deed]);
    else if (row) tapRow(row.dataset.subject, deed);
    else if (deed === "walk-in") letIn({ adults: 1, children: 0, where: button.dataset.where, names: [], first_time: null }, true);
    else if (deed === "not-in") notIn();
    else if (deed === "everybody") everybody();
    else if (deed === "find") goTo($("find"));
    else if (deed === "send") told();
    else if (deed === "lock") lock();
    else if (deed === "finish") finish();
    else if (deed === "wipe") wipe();
    else if (deed === "keep") keepList();
  }

  // The box gets no focus: that would open a keyboard over the list.
  function everybody() {
    $("find").value = "";
    show.find();
    $("booked-title").focus({ preventScroll: true });
  }

  // Where the focus goes when the button that has it will be gone. Asked for after the row has changed, it waits until the
  // browser has laid out the page, and again when the counts change: so it is asked for before.
  function lead(it) {
    it.focus({ preventScroll: true });
  }

  function tapPerson(button, outcome) {
    const row = button.closest("[data-booking]");
    const booking = register.bookingOf(row.dataset.booking);
    const id = Number(button.dataset.absent || button.closest("[data-place]").dataset.place);
    lead(button.dataset.absent ? show.part(row, "other-sum") : row.querySelector("[data-place='" + id + "']"));
    const keeping = phone.record("place:" + id, { outcome });
    show.about(row, booking);
    $("heard").textContent = outcome === "attended" ? (booking.to_do || []).join(". ") : "";
    kept(keeping);
  }

  function tapChildren(row, step) {
    const booking = register.bookingOf(row.dataset.booking);
    const keeping = phone.record("children:" + booking.id, { children: booking.children + step });
    show.about(row, booking);
    kept(keeping);
  }

  // Who left before being seen has come: that is recorded, too, if nobody had.
  function tapTurn(row, turn) {
    const booking = register.bookingOf(row.dataset.booking);
    lead(show.part(row, "other-sum"));
    const taps = [phone.record("turn:" + booking.id, { turn })];
    if (turn === "left" && !register.came(booking)) {
      booking.people.filter((person) => !person.helps && person.outcome === "not_recorded").forEach((person) => {
        taps.push(phone.record("place:" + person.id, { outcome: "attended" }));
      });
    }
    show.about(row, booking);
    kept(Promise.all(taps));
  }

  function tapRow(subject, deed, lives) {
    const row = register.rowOf(subject);
    const isBack = deed === "came" || deed === "back";
    if (isBack && !room({ ...row, subject })) return;
    let value = { here: deed !== "take-back" };
    if (!isBack && value.here) {
      const first = { first: true, "not-first": false }[deed];
      const children = row.children + ({ child: 1, "child-less": -1 }[deed] || 0);
      if (children < 0 || children > register.pack.most[1]) return;
      const where = lives === undefined ? row.where || "" : lives;
      value = { here: true, adults: row.adults, children, where, first_time: first === undefined ? row.first_time ?? null : first };
    }
    const keeping = phone.record(subject, value);
    if (isBack) arrived(deed === "back");
    else show.walked();
    if (deed === "take-back") $("heard").textContent = say("removed") + " " + show.called(row);
    kept(keeping);
  }

  function room(party) {
    if (register.fits(party.adults + party.children)) return true;
    asked = party;
    $("override").hidden = false;
    $("override-not").hidden = register.pack.leads;
    $("override-ask").hidden = !register.pack.leads;
    goTo($("override-title"));
    return false;
  }

  function letIn(party, stays) {
    if (room(party)) add(party, "", stays);
  }

  function add(party, override, stays) {
    const keeping = party.subject ? phone.record(party.subject, { here: true }) : phone.record("walk_in", { here: true, ...party, override });
    arrived(stays);
    return kept(keeping);
  }

  // Who came in last is shown under the postcodes. Whoever taps +1 keeps their finger there; others are led to it.
  function arrived(stays) {
    show.walked();
    const n = register.counts().walked;
    $("added").textContent = say("added", { name: show.called(register.rowOf(register.newest)) }) + ". " + many("walked_one", "walked_some", n);
    if (stays) return;
    isElsewhere = true;
    const row = $("newest").firstElementChild;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function notIn() {
    asked = null;
    $("override").hidden = true;
    goTo(asker && asker.getClientRects().length ? asker : $("find-or-add"));
  }

  $("override").addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = $("reason").value.trim();
    if (!reason || !asked) return $("reason").focus();
    const party = asked;
    notIn();
    $("reason").value = "";
    return add(party, reason);
  });

  $("named-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const name = $("name").value.trim();
    const first = $("first").value;
    const where = lives($("outcode").closest("[data-part]"));
    if (where === null) return $("outcode").focus();
    const party = { names: name ? [name] : [], adults: Number($("adults").value), children: Number($("children").value), where, first_time: first ? first === "yes" : null };
    event.target.reset();
    $("named").open = false;
    asker = null;
    return letIn(party);
  });

  // Gives where somebody lives: what is typed goes before what is chosen. Says what is wrong, and gives null.
  function lives(box) {
    const typed = box.querySelector("input");
    const text = typed.value.replace(/\s/g, "").toUpperCase();
    const found = /^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})?$/.exec(text);
    typed.setAttribute("aria-invalid", Boolean(text && !found));
    box.querySelector("[role=alert]").textContent = text && !found ? say("outcode_not") : "";
    return found ? found[1] : text ? null : box.querySelector("select").value;
  }

  $("newest").addEventListener("change", ({ target }) => {
    const box = target.closest("[data-part]");
    const typed = box.querySelector("input");
    if (target !== typed) typed.value = "";
    const where = lives(box);
    if (where === null) return;
    typed.value = "";
    steady(target, () => tapRow(target.closest(ROW).dataset.subject, "where", where));
  });

  // Who is found stands right under the box, and the box above the keyboard.
  $("find").addEventListener("focus", () => $("find").select()); // the next name takes the place of the last
  $("find").addEventListener("input", () => { show.find(); $("booked-title").scrollIntoView(); });

  $("enrol").addEventListener("submit", async (event) => {
    event.preventDefault();
    const pin = $("new-pin").value;
    if (!/^\d{6,}$/.test(pin)) return show.alarm(say("pin_short"));
    if (isEasy(pin)) return show.alarm(say("pin_easy"));
    if (pin !== $("again-pin").value) return show.alarm(say("pin_differs"));
    return once(event.target, async () => {
      let problem;
      try { problem = await phone.enrol(token, pin); } catch (error) { problem = say(error instanceof Fault ? "fault_link" : "no_answer"); }
      if (problem !== null) return show.alarm(problem || say("no_answer"));
      token = "";
      history.replaceState(null, "", location.pathname);
      event.target.reset();
      opened();
    });
  });

  $("unlock").addEventListener("submit", (event) => {
    event.preventDefault();
    return once(event.target, async () => {
      const answer = await phone.unlock($("pin").value);
      $("pin").value = "";
      if (answer.state === "open") opened();
      else if (answer.state === "wiped") { show.screen("gone"); await round(); }
      else if (answer.state === "wait" || answer.seconds) show.alarm((answer.left ? say("pin_wrong", { n: answer.left }) + " " : "") + many("pin_wait_one", "pin_wait", answer.seconds));
      else show.alarm(say("pin_wrong", { n: answer.left }));
      if (!$("unlock").hidden) $("pin").focus();
    });
  });

  // A second press while the first is at work does nothing.
  async function once(form, deed) {
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    try { await deed(); } finally { delete form.dataset.busy; }
  }

  function opened() {
    $("wipe").hidden = true;
    show.screen("door");
    show.whole();
    show.state();
    setTimeout(phone.ready);
    soon();
  }

  function lock() {
    phone.lock();
    asked = null;
    show.screen("unlock");
  }

  // Sends, and says beside the buttons what came of it.
  async function told() {
    await round();
    if ((await phone.waiting()).length && phone.signal === "yes") await round(); // what was tapped while the first was under way
    const isSent = !(await phone.waiting()).length;
    $("finish-said").textContent = say(isSent ? "all_sent" : phone.signal === "fault" ? "fault_kept" : "not_all_sent");
    return isSent;
  }

  async function finish() {
    if (!(await told()) || !phone.isOpen) return;
    $("finish-said").textContent = "";
    $("wipe").hidden = false;
    $("wipe-ask").focus();
    $("wipe").scrollIntoView({ block: "nearest" });
  }

  function keepList() {
    $("wipe").hidden = true;
    $("finish").focus();
  }

  async function wipe() {
    keepList();
    if (!(await told()) || !phone.isOpen) return;
    await phone.wipe("finished");
    show.screen("gone");
    await round();
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else {
      if (phone.isOpen && hiddenAt && Date.now() - hiddenAt > HIDDEN_LOCKS) lock();
      round();
    }
  });
  // A link opened in the page that is open already changes nothing but what follows the #.
  window.addEventListener("hashchange", () => { if (LINK.test(location.hash)) location.reload(); });
  ["online", "offline"].forEach((each) => window.addEventListener(each, async () => { await phone.drop(); await round(); }));
  let beats = 0;
  setInterval(async () => { if (++beats % 6 === 0 || (await phone.waiting()).length) round(); }, 10000); // milliseconds
  start();
})();
