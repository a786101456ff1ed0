// The register in memory: the list as it came, and what was recorded since on top of it.
const register = (() => {
  let pack = null;
  let newest = ""; // who was let in, or taken back, last at this phone
  let removed = null; // who was taken back last: they can come again, though the list that comes anew has them no more

  function load(fresh, taps) {
    const place = pack ? pack.walk_ins.indexOf(removed) : -1;
    const shown = newest; // what is read from the disk after a pause is nobody's last deed
    pack = fresh;
    pack.walk_ins.forEach((row) => { row.here = true; });
    if (place >= 0 && !rowOf(removed.subject)) pack.walk_ins.splice(place, 0, removed);
    taps.forEach(apply);
    newest = shown;
  }

  function apply(tap) {
    const [about, key] = tap.subject.split(":");
    const value = tap.value;
    if (about === "place") {
      const person = personOf(Number(key));
      if (person) Object.assign(person, { outcome: value.outcome, at: value.outcome === "attended" ? time.said(tap.at) : undefined });
    } else if (about === "children") {
      const row = bookingOf(key);
      if (row) row.children = value.children;
    } else if (about === "turn") {
      const row = bookingOf(key);
      if (row) row.turn = value.turn;
    } else if (about === "came") {
      const row = rowOf(tap.subject);
      if (row) said(row, tap);
    } else if (about === "walk_in") {
      walkIn(tap);
    }
  }

  function walkIn(tap) {
    const { subject, value } = tap;
    let row = rowOf(subject);
    if (!row && "adults" in value) {
      row = { subject, name: (value.names || []).join(", "), adults: value.adults };
      pack.walk_ins.push(row);
    }
    if (row) said(row, tap);
  }

  function said(row, { at, value: { here, children, where, first_time } }) {
    if (here !== Boolean(row.here)) {
      newest = row.subject;
      removed = here ? null : row;
      if (here && !(row.at && row.subject.startsWith("walk_in"))) Object.assign(row, { at: time.said(at), since: at });
    }
    row.here = here;
    if (children !== undefined) Object.assign(row, { children, where, first_time });
  }

  const came = (row) => row.people.some((person) => person.outcome === "attended");
  const bookingOf = (id) => pack.booked.find((each) => each.id === Number(id));
  const personOf = (id) => pack.booked.flatMap((row) => row.people).find((person) => person.id === id);
  const rowOf = (subject) => [...pack.walk_ins, ...pack.others].find((row) => row.subject === subject);

  function counts() {
    const { booked, walk_ins, others, fire_limit } = pack;
    const people = booked.flatMap((row) => row.people).filter((person) => !person.helps);
    const walked = [...walk_ins, ...others].filter((row) => row.here);
    const hereOf = (all) => all.filter((person) => person.outcome === "attended").length;
    const sum = (rows, what) => rows.reduce((all, row) => all + row[what], 0);
    const heads = (rows) => hereOf(rows.flatMap((row) => row.people)) + sum(rows.filter(came), "children");
    return {
      here: hereOf(people),
      all: people.length,
      walked: sum(walked, "adults"),
      children: sum([...booked.filter(came), ...walked], "children"),
      cameIn: heads(booked) + sum(walked, "adults") + sum(walked, "children"),
      left: heads(booked.filter((row) => row.turn === "left")), // before being seen: they make room again
      limit: fire_limit,
    };
  }

  const fits = (more, { cameIn, left, limit } = counts()) => limit === null || cameIn - left + more <= limit;

  return { load, apply, counts, fits, came, rowOf, bookingOf, personOf, forget: () => { pack = removed = null; newest = ""; }, get pack() { return pack; }, get newest() { return newest; } };
})();
