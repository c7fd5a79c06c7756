/* The telephone network as the page sees it: its JSON, and its events. */

const asked = async (method, path, body) => {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("The sandbox does not answer; is it still running?");
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.error ?? `The sandbox said ${answer.status}.`);
  return told;
};

const of = (number) => `/handsets/${encodeURIComponent(number)}`;

export const everyHandset = () => asked("GET", "/handsets");
export const handset = (number) => asked("GET", of(number));
export const answer = (number) => asked("POST", `${of(number)}/answer`);
export const ring = (number, call) => asked("POST", `${of(number)}/ring`, call);
export const hangUp = (number) => asked("POST", `${of(number)}/hangup`);
export const press = (number, digits) => asked("POST", `${of(number)}/keys`, { digits });
export const behave = (number, behaviour) =>
  asked("PUT", `${of(number)}/behaviour`, behaviour);
export const text = (number, message) => asked("POST", `${of(number)}/sms`, message);

/* Calls `heard` with every event, and `linked` whenever the stream opens or breaks.
   What happened before it opened is not told: read the handsets again then. */
export const listen = (heard, linked) => {
  const stream = new EventSource("/events");
  stream.onopen = () => linked(true);
  stream.onerror = () => linked(false);
  stream.onmessage = (message) => heard(JSON.parse(message.data));
};
