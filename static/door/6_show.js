// What is on the screen. Lists are made once; a tap changes its own row and the counts.
const show = (() => {
  const $ = (id) => document.getElementById(id);
  const words = {};
  $("words").content.querySelectorAll("[data-word]").forEach((part) => { words[part.dataset.word] = part.textContent; });
  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_all, key) => values[key]);
  const many = (one, some, n) => say(n === 1 ? one : some, { n });
  const saying = new WeakMap(); // what the row of each booking says, in whole
  let shown = null; // the list, as it came, that is on the screen
  const copy = (id) => $(id).content.firstElementChild.cloneNode(true);
  // A text that is said again is another text to the browser, which then lays the page out for nothing.
  const tell = (it, text) => { if (it.textContent !== String(text)) it.textContent = text; };
  const SCREENS = ["need-link", "enrol", "unlock", "gone", "door"];

  function screen(name) {
    SCREENS.forEach((each) => { $(each).hidden = each !== name; });
    if (name !== "door") emptied();
    document.querySelector("h1").className = name === "door" ? "unseen" : ""; // the name of the session says it there
    alarm("");
    const first = name === "door" ? $("title") : $(name).querySelector("input, [tabindex]");
    if (first) first.focus();
  }

  // A list out of sight is still in the page: whoever finds a locked phone must find no name there.
  function emptied() {
    shown = null;
    ["booked", "walked", "newest", "others", "added", "heard"].forEach((id) => $(id).replaceChildren());
    $("named-form").reset();
    $("find").value = "";
  }

  function alarm(text) {
    $("alert").hidden = !text;
    $("alert").textContent = text;
  }

  async function state() {
    const n = (await phone.waiting()).length;
    const words = n ? many("one_waits", "some_wait", n) : say("all_sent");
    const text = { no: say("no_signal") + " " + words, fault: say("fault") + " " + words }[phone.signal] || words;
    tell($("state"), text);
    $("state").className = "state state--" + (n ? "waits" : "sent");
    if (!n) $("finish-said").textContent = "";
    else $("wipe").hidden = true;
    if (phone.hasUnsaved()) alarm(say("not_kept"));
  }

  function whole() {
    const pack = shown = register.pack;
    $("title").textContent = pack.title;
    $("when").textContent = pack.when + ". " + pack.where;
    $("walk-in").hidden = $("plus-one").hidden = $("named").hidden = !pack.walk_ins_allowed;
    $("no-walk-ins").hidden = pack.walk_ins_allowed;
    $("near").hidden = !pack.near.length;
    if (!$("adults").options.length) choices(pack);
    const folds = () => [...$("booked").querySelectorAll("details")].map((each) => [each.dataset.fold, each]);
    const before = new Map(folds());
    booked(pack.booked);
    folds().forEach(([fold, each]) => { if (before.has(fold)) each.open = before.get(fold).open; });
    walked();
    counts();
  }

  // A row that says what it said stays: nothing moves for whoever looks at it.
  function booked(bookings) {
    const list = $("booked");
    const before = new Map([...list.children].map((row) => [saying.get(row), row]));
    const rows = bookings.map((booking) => before.get(JSON.stringify(booking)) || bookedRow(booking));
    const stays = new Set(rows);
    [...list.children].forEach((row) => { if (!stays.has(row)) row.remove(); });
    rows.forEach((row, n) => { if (list.children[n] !== row) list.insertBefore(row, list.children[n] || null); });
  }

  // Made once: who is in the middle of choosing must not lose it.
  function choices(pack) {
    $("chips").append(...pack.near.map(chip));
    fill($("adults"), pack.most[0], 1);
    fill($("children"), pack.most[1], 0);
    places($("where"), "");
  }

  function places(select, chosen) {
    const { near, districts } = register.pack;
    if (!select.options.length) select.append(new Option(say("not_known"), ""), group("near", near.map((code) => [code, code])), group("districts", districts));
    if (![...select.options].some((each) => each.value === chosen)) select.add(new Option(chosen, chosen));
    select.value = chosen;
  }

  function group(name, places) {
    const all = document.createElement("optgroup");
    all.label = say(name);
    all.append(...places.map(([code, place]) => new Option(place, code)));
    return all;
  }

  function chip(code) {
    const button = document.createElement("button");
    button.className = "tap tap--plain";
    button.dataset.deed = "walk-in";
    button.dataset.where = code;
    button.textContent = "+1 " + code;
    return button;
  }

  function fill(select, most, least) {
    for (let n = least; n <= most; n++) select.add(new Option(n, n));
  }

  function bookedRow(booking) {
    const row = copy("booked-row");
    row.dataset.booking = booking.id;
    row.dataset.names = folded(booking.people.map((person) => person.name).join(" "));
    part(row, "slot").textContent = booking.slot || "";
    part(row, "people").append(...booking.people.map(personPart));
    part(row, "promised").hidden = !booking.to_do;
    part(row, "to-do").append(...(booking.to_do || []).map((deed) => Object.assign(document.createElement("li"), { textContent: deed })));
    part(row, "absent").append(...booking.people.map((person) => absentPart(person, booking.people.length > 1)));
    const names = booking.people.map((person) => person.name).join(", ");
    row.querySelectorAll("[data-names]").forEach((unseen) => { unseen.textContent += ": " + names; });
    about(row, booking);
    return row;
  }

  function absentPart(person, isOneOfMany) {
    const box = copy("absent");
    box.querySelectorAll("button").forEach((button) => {
      button.dataset.absent = person.id;
      const name = Object.assign(document.createElement("span"), { className: isOneOfMany ? "" : "unseen", textContent: ": " + person.name });
      button.append(name);
    });
    return box;
  }

  // What changes in a row after a tap. What was promised is folded until somebody is here: others look over a shoulder.
  function about(row, booking) {
    const promised = part(row, "promised");
    const fold = booking.id + " promised " + register.came(booking);
    if (promised.dataset.fold && promised.dataset.fold !== fold) promised.open = register.came(booking); // after a lock it is folded
    promised.dataset.fold = fold;
    const mayCome = booking.people.some((person) => person.outcome !== "did_not_come");
    tell(part(row, "new"), booking.new && mayCome ? say("new") : "");
    children(row, booking);
    other(row, booking);
    saying.set(row, JSON.stringify(booking));
  }

  // Comes later, and left before being seen: only where times are booked.
  function other(row, { id, people, slot, turn }) {
    const come = register.came({ people });
    const absent = people.filter((person) => person.outcome === "did_not_come");
    const isLate = turn === "late" && !come;
    people.forEach((person) => outcome(row.querySelector("[data-place='" + person.id + "']"), person, turn === "left" && "left" || isLate && "late"));
    const hide = (deed, isHidden) => { row.querySelector("[data-deed=" + deed + "]").hidden = !slot || isHidden; };
    hide("late", come || Boolean(turn) || people.every((person) => person.outcome !== "not_recorded"));
    hide("left", Boolean(turn) && turn !== "late" || absent.length === people.length);
    hide("no-turn", !isLate && turn !== "left");
    row.querySelectorAll("[data-absent]").forEach((button) => {
      const { outcome } = people.find((person) => person.id === Number(button.dataset.absent));
      button.hidden = outcome !== (button.dataset.deed === "not_recorded" ? "did_not_come" : "not_recorded");
    });
    const who = people.length > 1 ? ": " + absent.map((person) => person.name).join(", ") : "";
    const chosen = [absent.length && say("chose_absent") + who, isLate && say("chose_late"), turn === "left" && say("chose_left")].filter(Boolean);
    tell(part(row, "other-said"), say("other") + (chosen.length ? ": " + chosen.join(", ") : ""));
    tell(part(row, "turn-said"), turn === "with_desk" || turn === "done" ? say("turn_" + turn) : "");
    part(row, "other").dataset.fold = id + " other";
    part(row, "other").hidden = ![...part(row, "other").querySelectorAll("button")].some((button) => !button.hidden);
  }

  function children(row, booking) {
    const come = register.came(booking);
    tell(part(row, "booked"), come || !booking.children ? "" : many("child_booked", "children_booked", booking.children));
    part(row, "children").hidden = !come;
    tell(part(row, "children-said"), many("child", "children", booking.children));
    row.querySelector("[data-deed=fewer]").disabled = booking.children <= 0;
    row.querySelector("[data-deed=more]").disabled = booking.children >= register.pack.most[1];
  }

  function personPart(person) {
    const box = copy("person");
    box.dataset.place = person.id;
    box.querySelector(".person__name").textContent = person.name + (person.kind && words[person.kind] ? " (" + words[person.kind] + ")" : "");
    box.querySelectorAll(".unseen").forEach((unseen) => { unseen.textContent = ": " + person.name; });
    return box;
  }

  function outcome(box, person, turn) {
    const isKnown = person.outcome !== "not_recorded";
    const at = person.at ? ", " + person.at : "";
    box.className = "person person--" + person.outcome;
    tell(box.querySelector(".person__said"), {
      attended: turn === "left" ? say("came") + at + ". " + say("left") : "✓ " + say("here") + at,
      did_not_come: say("gone_home"),
      not_recorded: turn === "late" ? say("late") : "",
    }[person.outcome]);
    box.querySelector("[data-deed=attended]").hidden = isKnown;
    box.querySelector("[data-deed=not_recorded]").hidden = person.outcome !== "attended";
  }

  function walked() {
    const { walk_ins, others } = register.pack;
    const shown = [...walk_ins, ...others].filter((row) => row.here || row.subject && row.subject === register.newest).sort((one, other) => (other.since || 0) - (one.since || 0));
    $("walked").replaceChildren(...shown.map((one) => walkedRow(one, !one.here)));
    newest(shown.find((row) => row.subject && row.subject === register.newest));
    const still = others.filter((row) => !row.here);
    $("others").replaceChildren(...still.map((one) => walkedRow(one)));
    find();
  }

  // The card at the top is made once for each: what is typed or chosen in it stays.
  function newest(one) {
    const card = $("newest").firstElementChild;
    if (one && card && card.dataset.subject === one.subject) saysOf(card, one, !one.here);
    else $("newest").replaceChildren(...(one ? [walkedRow(one, !one.here, true)] : []));
    if (!one || !one.here) $("added").textContent = "";
  }

  function walkedRow(one, isRemoved, isNewest) {
    const row = copy("walked-row");
    row.dataset.subject = one.subject;
    row.dataset.names = folded(one.name || "");
    if (!isNewest || !one.subject.startsWith("walk_in")) part(row, "lives").remove();
    saysOf(row, one, isRemoved);
    return row;
  }

  // Two who gave no name differ by the time they came.
  const called = (one) => one.name || say("no_name") + (one.at ? ", " + one.at : "");

  function described(one) {
    const parts = [many("adult", "adults", one.adults), ...(one.children ? [many("child", "children", one.children)] : [])];
    return called(one) + ": " + parts.join(", ") + (one.where ? ", " + placeName(one.where) : "");
  }

  function saysOf(row, one, isRemoved) {
    const name = called(one);
    const why = one.here || isRemoved || !one.why ? "" : " (" + one.why + ")";
    const lives = row.querySelector("select");
    row.querySelector(".person__said").textContent = (one.here ? "✓ " : isRemoved ? say("removed") + " " : "") + described(one) + why;
    row.querySelectorAll(".unseen").forEach((unseen) => { unseen.textContent = ": " + name; });
    row.querySelector("[data-deed=take-back]").hidden = !one.here;
    row.querySelector("[data-deed=came]").hidden = one.here || isRemoved;
    row.querySelector("[data-deed=back]").hidden = !isRemoved;
    part(row, "more").hidden = !(one.here && one.subject);
    part(row, "more").setAttribute("aria-label", name);
    row.querySelector("[data-deed=child-less]").disabled = one.children <= 0;
    row.querySelector("[data-deed=first]").setAttribute("aria-pressed", one.first_time === true);
    row.querySelector("[data-deed=not-first]").setAttribute("aria-pressed", one.first_time === false);
    if (lives) places(lives, one.where || "");
  }

  const placeName = (code) => (register.pack.districts.find((each) => each[0] === code) || [code, code])[1];

  function counts() {
    const now = register.counts();
    tell($("count-here"), say("of", { a: now.here, b: now.all }));
    tell($("count-walked"), now.walked);
    tell($("count-children"), now.children);
    tell($("count-inside"), now.limit === null ? now.cameIn : say("of", { a: now.cameIn, b: now.limit }));
    $("left-again").hidden = !now.left;
    tell($("count-left"), now.left);
    $("full").hidden = register.fits(1, now);
  }

  // "pawel" finds "Paweł": these letters have no accent that could be taken off them.
  const PLAIN = { ł: "l", đ: "d", ð: "d", ø: "o", ß: "ss", æ: "ae", œ: "oe", ı: "i", þ: "th" };
  function folded(text) {
    return text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[łđðøßæœıþ]/g, (letter) => PLAIN[letter]);
  }

  function find() {
    const text = folded($("find").value.trim());
    let n = 0;
    [...$("booked").children, ...$("walked").children, ...$("others").children].forEach((row) => {
      row.hidden = Boolean(text) && !isCalled(row.dataset.names, text);
      if (!row.hidden) n++;
    });
    const isEmpty = (list) => ![...$(list).children].some((row) => !row.hidden);
    $("nobody").hidden = Boolean(text) || !isEmpty("walked");
    $("walked-title").hidden = Boolean(text) && isEmpty("walked");
    $("others-part").hidden = isEmpty("others");
    $("everybody").hidden = !text;
    $("found").textContent = !text ? "" : n ? say("found", { n }) : say("found_none");
  }

  // Of a surname the phone holds a letter: "oksana petrenko" finds "Oksana P.".
  function isCalled(names, text) {
    const [first, ...more] = text.split(/\s+/);
    const initials = names.split(/\s+/).filter((word) => /^.\.?$/.test(word)).map((word) => word[0]);
    return names.includes(first) && more.every((word) => names.includes(word) || initials.includes(word[0]));
  }

  async function gone() {
    const n = (await phone.waiting()).length;
    $("gone-why").textContent = say("why_" + (await phone.gone()));
    $("gone-left").textContent = n ? many("gone_left_one", "gone_left", n) : say("gone_none");
  }

  const part = (row, name) => row.querySelector("[data-part=" + name + "]");

  return { isWhole: () => shown === register.pack, $, say, screen, many, alarm, state, whole, about, part, walked, called, counts, find, gone };
})();
