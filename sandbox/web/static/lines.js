/* Lists that grow by a line: what is heard, and what is written. */

import { clock, spaced } from "./wording.js";

/* Makes `list` show `lines`, touching only what changed: readers of the screen hear
   only new lines, and a list that was read at its end stays at its end. */
export const show = (list, lines, made) => {
  const same = (line, at) => list.children[at]?.dataset.line === JSON.stringify(line);
  const kept = lines.findIndex((line, at) => !same(line, at));
  const first = kept < 0 ? lines.length : kept;
  if (first === lines.length && list.children.length === first) return;
  while (list.children.length > first) list.lastElementChild.remove();
  for (const line of lines.slice(first)) {
    const item = made(line);
    item.dataset.line = JSON.stringify(line);
    list.append(item);
  }
  list.scrollTop = list.scrollHeight;
};

export const element = (name, className, content) =>
  Object.assign(document.createElement(name), { className, textContent: content });

export const spoken = ({ words, digits }) =>
  element("li", digits ? "keyed" : "words", digits ?? words);

export const bubble = ({ sender, recipient, text, at, direction }) => {
  const item = element("li", direction === "in" ? "received" : "sent", "");
  const other = direction === "in" ? `from ${spaced(sender)}` : `to ${spaced(recipient)}`;
  const empty = text ? "" : " empty";
  item.append(element("p", `text${empty}`, text || "an empty message"));
  item.append(element("p", "stamp", `${other}, ${clock(at)}`));
  return item;
};
