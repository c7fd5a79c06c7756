/* How numbers, times and lengths are written for people. */

const CODE = new RegExp("^\\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]" +
  "|9[0-58]|\\d{3})(\\d+)$");

/* +48600316058 as people write it: +48 600 316 058. */
export const spaced = (number) => {
  const parts = CODE.exec(number);
  if (!parts) return number;
  const groups = parts[2].replace(/\B(?=(\d{3})+$)/g, " ").replace(/^(\d) /, "$1");
  return `+${parts[1]} ${groups}`;
};

/* Why a number that was rung did not answer. */
const REFUSALS = { USER_BUSY: "Busy", CALL_REJECTED: "Rejected" };
export const refusal = (cause) => REFUSALS[cause] ?? "Not answered";

export const clock = (at) =>
  new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

/* Milliseconds as minutes and seconds: 1:05. */
export const lasted = (milliseconds) => {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

/* The GSM 03.38 alphabet; the second row takes two places. One strange letter
   and the whole message is sent in 16-bit units. */
const GSM = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const GSM_DOUBLE = new Set("^{}\\[~]|€");

/* How long a message is and what it costs in segments: "48/160", "170/306 (2 SMS)". */
export const segments = (text) => {
  const letters = [...text];
  const gsm = letters.every((letter) => GSM.has(letter) || GSM_DOUBLE.has(letter));
  const doubled = letters.filter((letter) => GSM_DOUBLE.has(letter)).length;
  const length = gsm ? letters.length + doubled : text.length;
  const [single, part] = gsm ? [160, 153] : [70, 67];
  if (length <= single) return `${length}/${single}`;
  const parts = Math.ceil(length / part);
  return `${length}/${parts * part} (${parts} SMS)`;
};
