/* The page: which handsets stand on it, and the events that keep them true.

   An event says only that something happened to a handset; what is so is then read
   from the handset itself. A missed or doubled event can therefore show nothing wrong. */

import * as network from "./network.js";
import { Phone } from "./phone.js";
import { enable } from "./sounds.js";
import { spaced } from "./wording.js";

const REMEMBERED = "handsets";
const OTHERS_SHOWN = 12;
const NOTICE_MS = 7000;

const phones = new Map();
const others = new Map();
const asked = new Set();

const find = (selector) => document.querySelector(selector);
const wanted = () => {
  const remembered = localStorage.getItem(REMEMBERED) ?? document.body.dataset.handsets;
  return remembered.split(" ").filter(Boolean);
};
const remember = () => localStorage.setItem(REMEMBERED, [...phones.keys()].join(" "));

let noticeTimer = null;
const complain = (sentence) => {
  const notice = find("p.notice");
  notice.textContent = sentence;
  notice.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (notice.hidden = true), NOTICE_MS);
};

const tabOf = (phone) => document.getElementById(`tab-${phone.number}`);

const changed = (phone) => {
  const tab = tabOf(phone);
  if (tab) tab.dataset.state = phone.state;
  const ringing = [...phones.values()].filter(({ state }) => state === "ringing");
  document.title = ringing.length ? `${spaced(ringing[0].number)} rings` : "Handsets";
};

const remove = (phone) => {
  phones.delete(phone.number);
  tabOf(phone).remove();
  phone.retire();
  remember();
  refreshAll();
};

const addTab = (phone) => {
  const tab = document.createElement("button");
  tab.type = "button";
  tab.id = `tab-${phone.number}`;
  tab.textContent = spaced(phone.number);
  tab.onclick = () => reveal(phone);
  find(".tabs").append(tab);
};

const reveal = (phone) =>
  phone.node.scrollIntoView({ behavior: "smooth", block: "nearest", inline: "center" });

const place = (snapshot) => {
  if (phones.has(snapshot.number)) return phones.get(snapshot.number);
  const phone = new Phone(snapshot.number, { complain, remove, changed });
  phones.set(snapshot.number, phone);
  others.delete(snapshot.number);
  addTab(phone);
  find(".phones").append(phone.node);
  phone.render(snapshot);
  return phone;
};

const add = async (number) => {
  const phone = place(await network.handset(number));
  remember();
  renderOthers();
  reveal(phone);
};

const renderOthers = () => {
  const busyFirst = [...others.values()]
    .sort((one, two) => (one.state === "idle") - (two.state === "idle"));
  find(".others").hidden = busyFirst.length === 0;
  find(".others ul").replaceChildren(...busyFirst.slice(0, OTHERS_SHOWN).map((other) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.state = other.state;
    button.textContent = spaced(other.number);
    button.title = `${other.state}; put it on the page`;
    button.onclick = () => add(other.number).catch((e) => complain(e.message));
    item.append(button);
    return item;
  }));
};

const take = (snapshot) => {
  const phone = phones.get(snapshot.number);
  if (phone) phone.render(snapshot);
  else others.set(snapshot.number, snapshot);
};

const refresh = async (number) => {
  if (asked.has(number)) return;
  asked.add(number);
  await new Promise((done) => setTimeout(done, 30));
  asked.delete(number);
  take(await network.handset(number));
  renderOthers();
};

const refreshAll = async () => {
  const { handsets } = await network.everyHandset();
  others.clear();
  handsets.forEach(take);
  renderOthers();
};

const start = async () => {
  for (const number of wanted()) {
    await network.handset(number).then(place).catch((error) => complain(error.message));
  }
  network.listen(
    (event) => {
      phones.get(event.number)?.note(event);
      refresh(event.number).catch((error) => complain(error.message));
    },
    (linked) => {
      document.body.classList.toggle("linked", linked);
      find(".live").textContent = linked ? "live" : "not connected";
      if (linked) refreshAll().catch((error) => complain(error.message));
    },
  );
};

find(".add").onsubmit = async (event) => {
  event.preventDefault();
  const { number } = event.target.elements;
  await add(number.value.replace(/[\s().-]/g, "")).then(() => event.target.reset(), (e) => complain(e.message));
};
find(".sound input").onchange = (event) => enable(event.target.checked);
start();
