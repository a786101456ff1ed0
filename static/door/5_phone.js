// This phone: opening it with a link, locking it, recording, sending, wiping.
class Fault extends Error {} // the site was there and could not do it: that is no missing signal

const phone = (() => {
  const TRIES = 10; // wrong PINs until the list is wiped
  const BATCH = 50;
  let key = null; // opens the list; in memory only
  let device = null;
  let seq = 0;
  let round = null; // of sending and fetching, under way
  let asking = null; // what stops waiting for an answer in it
  let version = null; // of the list that is shown: it is fetched again when the server has another
  let newest = null;
  let unsaved = []; // recorded, but the phone could not keep it
  let heard = []; // ids of those of them that the server has kept
  const recent = new Map(); // recorded since the page was opened, by id: on the disk or still on the way there
  let signal = "unknown";

  async function call(address, secret, body) {
    const stop = new AbortController();
    if (secret) asking = stop; // a link is used up by asking: that is waited for
    const patience = setTimeout(() => stop.abort(), 20000);
    try {
      const headers = { "Content-Type": "application/json" };
      if (secret) headers.Authorization = "Bearer " + secret;
      const asked = Date.now();
      const answer = await fetch("/door/phone/" + address, { method: "POST", headers, body: JSON.stringify(body), signal: stop.signal, credentials: "omit", cache: "no-store" });
      if (answer.status >= 500) throw new Fault(answer.status);
      const told = await answer.json();
      if (told.now) time.learn(told.now, asked);
      return { status: answer.status, told };
    } finally {
      clearTimeout(patience);
    }
  }

  async function begin() {
    device = (await store.get("device")) || null;
    seq = (await store.get("seq")) || 0;
    time.remember(await store.get("time"));
    return { isOpened: Boolean(device), isLocked: Boolean(await store.get("lock")), gone: await store.get("gone") };
  }

  // The link that opened this phone is used up, but people open it again to come back.
  const knowsLink = async (token) => (await store.get("link")) === (await seal.digest(token));

  // The link works once: everything is kept before anything is shown.
  async function enrol(token, pin) {
    time.remember(null);
    const { status, told } = await call("enrol", "", { token });
    if (status !== 200) return told.problem || "";
    const made = await seal.make(pin);
    const link = await seal.digest(token);
    seal.forget();
    recent.clear();
    device = { id: told.device, send: told.send, public_key: told.public_key };
    key = made.key;
    seq = 0;
    const pack = await seal.put(key, told.pack, "pack");
    const read = await seal.put(key, told.read, "read");
    await store.change((things, taps) => {
      things.clear();
      taps.clear();
      things.put(device, "device");
      things.put(made.lock, "lock");
      things.put(link, "link");
      things.put(pack, "pack");
      things.put(read, "read");
      things.put(told.pack.until, "until");
      things.put(time.kept(), "time");
    });
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
    register.load(told.pack, []);
    version = told.version;
    return null;
  }

  // Gives "open", "wrong", "wait" with the seconds, or "wiped".
  async function unlock(pin) {
    const tries = (await store.get("tries")) || { wrong: 0, until: 0 };
    const wait = Math.ceil((tries.until - Date.now()) / 1000);
    if (wait > 0) return { state: "wait", seconds: Math.min(wait, 3600) };
    const found = await seal.open(pin, await store.get("lock"));
    if (!found) return wrong(tries.wrong + 1);
    key = found;
    await store.put("tries", { wrong: 0, until: 0 });
    await reload();
    return { state: "open" };
  }

  async function wrong(count) {
    if (count >= TRIES) {
      await wipe("pin");
      return { state: "wiped" };
    }
    const seconds = count < 3 ? 0 : 5 * 2 ** (count - 3);
    await store.put("tries", { wrong: count, until: Date.now() + seconds * 1000 });
    return { state: "wrong", left: TRIES - count, seconds };
  }

  async function reload() {
    const pack = await seal.take(key, await store.get("pack"), "pack");
    show(pack, await kept());
    version = null;
  }

  async function kept() {
    const rows = (await store.taps()).filter((row) => row.forUs);
    return Promise.all(rows.map(async (row) => [row.id, await seal.take(key, row.forUs, row.id)]));
  }

  // A tap made while the disk was read is in `recent`: nothing waits between looking there and showing.
  function show(pack, taps) {
    const all = [...new Map([...taps, ...recent]).values()];
    register.load(pack, all.sort((one, other) => one.seq - other.seq));
  }

  // Shows at once, keeps at once, sends when it can. Resolves to whether the phone could keep it.
  async function record(subject, value) {
    const id = seal.newId();
    if (subject === "walk_in") subject = "walk_in:" + id;
    const told = { seq: ++seq, at: time.next(), subject, value };
    register.apply(told);
    recent.set(id, told);
    const row = { id, seq: told.seq };
    const [forUs, forServer] = await Promise.all([seal.put(key, told, id), seal.forServer(device.public_key, id, told)]);
    try {
      await store.change((things, taps) => {
        taps.put({ ...row, forUs, forServer });
        things.put(told.seq, "seq");
        things.put(time.kept(), "time");
      });
      return { subject, isKept: true };
    } catch (error) {
      unsaved.push({ id, forServer });
      return { subject, isKept: false };
    }
  }

  // The key of this visit is agreed on while nobody taps: the first tap has not to wait for it.
  const ready = () => device && seal.share(device.public_key);

  async function waiting() {
    const rows = (await store.taps()).filter((row) => row.forServer);
    return [...rows, ...unsaved];
  }

  // Sends what waits, then fetches the list anew. Sending needs no PIN, fetching does.
  function sync() {
    if (device && !round) round = syncing().finally(() => { round = null; });
    return round;
  }

  async function syncing() {
    try {
      let state = await send();
      if (state === "closed" && (await waiting()).length) state = "open";
      if (state && state !== "open") await wipe(state);
      else if (key && version !== newest) await refresh();
      signal = "yes";
    } catch (error) {
      signal = error instanceof Fault ? "fault" : "no";
    }
  }

  // There is another network: no answer comes over the one that was there before.
  function drop() {
    if (asking) asking.abort();
    return round;
  }

  async function send() {
    let state = null;
    let rows = await waiting();
    const wiped = Boolean(await store.get("gone"));
    do {
      const batch = rows.slice(0, BATCH);
      const taps = batch.map((row) => ({ id: row.id, sealed: row.forServer }));
      const { status, told } = await call("taps", device.send, { clock: Date.now(), taps, wiped });
      if (status === 401) return "unknown";
      if (status !== 200) throw new Fault(status);
      await keepSent(told.kept);
      state = told.state;
      newest = told.version;
      rows = rows.slice(BATCH);
    } while (rows.length);
    return state;
  }

  async function keepSent(ids) {
    const sent = (await store.taps()).filter((row) => ids.includes(row.id));
    heard = [...heard, ...unsaved.map((each) => each.id).filter((id) => ids.includes(id))];
    unsaved = unsaved.filter((each) => !ids.includes(each.id));
    try {
      await store.change((things, taps) => {
        sent.forEach((row) => { taps.put({ id: row.id, seq: row.seq, forUs: row.forUs }); });
        things.put(time.kept(), "time");
      });
    } catch (error) {
      // The phone is full. What cannot be noted as sent is sent again, which does no harm.
    }
  }

  async function refresh() {
    const done = [...(await store.taps()).filter((row) => !row.forServer).map((row) => row.id), ...heard];
    const { status, told } = await call("pack", await seal.take(key, await store.get("read"), "read"), {});
    if (status !== 200) throw new Fault(status);
    if (told.state !== "open") {
      if (told.state !== "closed" || !(await waiting()).length) await wipe(told.state);
      return;
    }
    const pack = await seal.put(key, told.pack, "pack");
    await store.change((things, taps) => {
      things.put(pack, "pack");
      things.put(told.pack.until, "until");
      done.forEach((id) => taps.delete(id));
    });
    const taps = await kept();
    done.forEach((id) => recent.delete(id));
    show(told.pack, taps);
    version = told.version;
  }

  // Takes the list away for good. What only the server can read stays until it is sent.
  async function wipe(why) {
    const rows = await store.taps();
    key = null;
    recent.clear();
    register.forget();
    await store.change((things, taps) => {
      ["lock", "pack", "read", "tries", "until"].forEach((name) => things.delete(name));
      things.put(why, "gone");
      rows.forEach((row) => { if (row.forServer) taps.put({ id: row.id, seq: row.seq, forServer: row.forServer }); else taps.delete(row.id); });
    });
    send().catch(() => {}); // says so to the server, now or on a later round
  }

  // What the disk holds is read again; what it could not hold is nowhere else.
  function lock() {
    const held = unsaved.map((each) => each.id);
    [...recent.keys()].filter((id) => !held.includes(id)).forEach((id) => recent.delete(id));
    key = null;
    register.forget();
  }

  async function isOver() {
    const until = await store.get("until");
    return Boolean(until) && time.now() > until;
  }

  return {
    begin, knowsLink, enrol, unlock, ready, record, waiting, sync, drop, wipe, isOver,
    lock,
    hasUnsaved: () => unsaved.length > 0,
    gone: () => store.get("gone"),
    get isOpen() { return Boolean(key); },
    get signal() { return signal; },
  };
})();
