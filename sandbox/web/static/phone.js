/* One handset on the page: shows what the network says of it, and acts for its owner. */

import * as network from "./network.js";
import { bubble, element, show, spoken } from "./lines.js";
import { hush, keyTone, ring, say } from "./sounds.js";
import { lasted, refusal, segments, spaced } from "./wording.js";

const KEYS = { 1: "", 2: "ABC", 3: "DEF", 4: "GHI", 5: "JKL", 6: "MNO", 7: "PQRS",
  8: "TUV", 9: "WXYZ", "*": "", 0: "+", "#": "" };
const STATES = { idle: "Ready", calling: "Calling", ringing: "Ringing", talking: "On the line" };
const PLACES = "123456789*0#";
const RING_EVERY_MS = 3000;

export class Phone {
  constructor(number, { complain, remove, changed }) {
    this.number = number;
    this.node = document.querySelector("#phone").content.cloneNode(true).firstElementChild;
    this.state = "idle";
    this.since = null;
    this.keyed = [];
    this.heard = [];
    this.refused = "";
    this.complain = complain;
    this.changed = changed;
    this.turn = Promise.resolve();
    this.find("h2").textContent = spaced(number);
    this.node.setAttribute("aria-label", `Handset ${spaced(number)}`);
    this.find(".remove").setAttribute("aria-label", `Take ${spaced(number)} off this page`);
    this.find(".remove").onclick = () => remove(this);
    this.wireCall();
    this.wireDialler();
    this.wireBehaviour();
    this.wireComposer();
  }

  find(selector) {
    return this.node.querySelector(selector);
  }

  /* One request after another, so that keys arrive in the order they were pressed. */
  ask(request) {
    this.turn = this.turn.then(request).catch((error) => this.complain(error.message));
    return this.turn;
  }

  wireCall() {
    this.find(".answer").onclick = () => this.ask(() => network.answer(this.number));
    this.find(".hang-up").onclick = () => this.ask(() => network.hangUp(this.number));
    for (const key of PLACES) {
      const button = element("button", "", key);
      button.type = "button";
      button.append(element("small", "", KEYS[key]));
      button.onclick = () => this.press(key);
      this.find(".keypad").append(button);
    }
    this.node.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea, select");
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key in KEYS) this.press(event.key);
    });
  }

  /* The number shown may be one's own, another's, or none at all. */
  wireDialler() {
    const form = this.find(".dialler");
    const { to, shows, forged } = form.elements;
    form.onchange = () => (forged.hidden = shows.value !== "forged");
    form.onsubmit = (event) => {
      event.preventDefault();
      const call = { to: to.value.trim() };
      if (shows.value !== "own") call.shown = shows.value === "forged" ? forged.value : "";
      this.ask(() => network.ring(this.number, call));
    };
  }

  press(key) {
    if (this.state !== "talking") return;
    keyTone(key);
    this.ask(() => network.press(this.number, key));
  }

  wireBehaviour() {
    const form = this.find(".behaviour");
    form.onsubmit = (event) => event.preventDefault();
    form.onchange = () => {
      const { kind, after, talks } = form.elements;
      const chosen = { kind: kind.value, after: after.valueAsNumber || 0 };
      chosen.talks = talks.value === "" ? null : talks.valueAsNumber;
      form.dataset.kind = kind.value;
      this.ask(() => network.behave(this.number, chosen));
    };
  }

  wireComposer() {
    const form = this.find(".composer");
    const { to, text } = form.elements;
    const count = () => (form.querySelector("output").value = segments(text.value));
    text.oninput = count;
    count();
    text.onkeydown = (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    };
    form.onsubmit = async (event) => {
      event.preventDefault();
      form.classList.add("sending");
      const message = { to: to.value.trim(), text: text.value };
      await network.text(this.number, message).catch((e) => this.complain(e.message));
      form.classList.remove("sending");
    };
  }

  /* Keys are told by events alone; they are shown where they fell among the words. */
  note({ event, digits, clips, cause }) {
    if (event === "heard") say(this.number, clips);
    else if (event !== "sms") hush(this.number);
    if (event === "ringing" || event === "calling") this.keyed = [];
    if (event === "hung_up")
      this.refused = this.state === "calling" && cause !== "NORMAL_CLEARING" ? cause : "";
    if (event !== "keyed") return;
    const last = this.keyed.at(-1);
    if (last?.after === this.heard.length) last.digits += digits;
    else this.keyed.push({ after: this.heard.length, digits });
  }

  render({ state, caller_id, heard, sms, behaviour }) {
    this.turnTo(state);
    this.heard = heard;
    this.find(".caller").textContent = caller_id ? spaced(caller_id) : "";
    show(this.find(".heard"), this.lines(), spoken);
    show(this.find(".thread"), sms, bubble);
    this.renderBehaviour(behaviour);
  }

  turnTo(state) {
    if (state === this.state && this.find(".state").textContent) return;
    if (state !== "idle") this.refused = "";
    this.since = state === "talking" ? Date.now() : null;
    this.state = this.node.dataset.state = state;
    this.find(".state").textContent =
      state === "idle" && this.refused ? refusal(this.refused) : STATES[state];
    this.enableKeys(state);
    clearInterval(this.ticking);
    if (state === "ringing") this.every(RING_EVERY_MS, ring);
    if (state === "talking") this.every(1000, () => this.tick());
    if (state !== "talking") this.find(".timer").textContent = "";
    this.changed(this);
  }

  /* Whoever pressed a button that now rests keeps the handset under the fingers. */
  enableKeys(state) {
    const held = document.activeElement?.closest(".hooks, .keypad");
    this.find(".answer").disabled = state !== "ringing";
    this.find(".hang-up").disabled = state === "idle";
    this.find(".dialler button").disabled = state !== "idle";
    for (const key of this.find(".keypad").children) key.disabled = state !== "talking";
    if (this.node.contains(held) && document.activeElement.disabled)
      this.find(".heard").focus();
  }

  every(milliseconds, act) {
    act();
    this.ticking = setInterval(act, milliseconds);
  }

  tick() {
    this.find(".timer").textContent = lasted(Date.now() - this.since);
  }

  lines() {
    const keysAfter = (count) => this.keyed.filter(({ after }) => after === count)
      .map(({ digits }) => ({ digits }));
    const words = this.heard.flatMap((sentence, at) =>
      [{ words: sentence }, ...keysAfter(at + 1)]);
    return [...keysAfter(0), ...words];
  }

  renderBehaviour({ kind, after, talks }) {
    const form = this.find(".behaviour");
    if (form.contains(document.activeElement)) return;
    form.dataset.kind = form.elements.kind.value = kind;
    form.elements.after.value = after;
    form.elements.talks.value = talks ?? "";
  }

  retire() {
    clearInterval(this.ticking);
    hush(this.number);
    this.node.remove();
  }
}
