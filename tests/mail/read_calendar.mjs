// Read a calendar file with ical.js and with node-ical, which share no code with us nor with each other; print JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import nodeIcal from "node-ical";

const text = readFileSync(process.argv[2], "utf8");
process.stdout.write(JSON.stringify({ icaljs: byIcalJs(text), nodeical: byNodeIcal(text) }));

function byIcalJs(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const zone = new ICAL.Timezone(calendar.getFirstSubcomponent("vtimezone"));
  return calendar.getAllSubcomponents("vevent").map((part) => {
    const event = new ICAL.Event(part);
    return {
      method: calendar.getFirstPropertyValue("method"),
      uid: event.uid,
      sequence: event.sequence,
      status: part.getFirstPropertyValue("status"),
      start: inTheirZone(event.startDate, zone),
      end: inTheirZone(event.endDate, zone),
      organizer: event.organizer,
      attendees: part.getAllProperties("attendee").map((one) => one.getFirstValue()),
      summary: event.summary,
      location: event.location,
    };
  });
}

// The moment, reckoned with the clock that the file itself describes.
function inTheirZone(time, zone) {
  const own = time.clone();
  own.zone = zone;
  return own.toJSDate().toISOString();
}

function byNodeIcal(text) {
  const parts = Object.values(nodeIcal.sync.parseICS(text));
  return parts.filter((part) => part.type === "VEVENT").map((event) => ({
    method: event.method,
    uid: event.uid,
    sequence: Number(event.sequence),
    status: event.status,
    start: event.start.toISOString(),
    end: event.end.toISOString(),
    organizer: event.organizer?.val ?? event.organizer,
    attendees: [event.attendee ?? []].flat().map((one) => one.val ?? one),
    summary: event.summary.val ?? event.summary,
    location: event.location?.val ?? event.location,
  }));
}
