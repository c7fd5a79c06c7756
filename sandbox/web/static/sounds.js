/* Sound in the browser: ringing and key tones made on the spot, prompts as recorded. */

const LOW = { 1: 697, 2: 697, 3: 697, 4: 770, 5: 770, 6: 770, 7: 852, 8: 852, 9: 852 };
const HIGH = { 1: 1209, 4: 1209, 7: 1209, "*": 1209, 3: 1477, 6: 1477, 9: 1477, "#": 1477 };
const VOLUME = 0.06;

let context = null;
const playing = new Map(); // by handset, the prompt that is heard now

/* A browser lets a page be heard only after a click: call this from one. */
export const enable = (on) => {
  context?.close();
  if (!on) [...playing.keys()].forEach(hush);
  context = on ? new AudioContext() : null;
};

const tone = (frequencies, seconds) => {
  if (!context) return;
  const volume = context.createGain();
  const [start, end] = [context.currentTime, context.currentTime + seconds];
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(VOLUME, start + 0.01);
  volume.gain.setValueAtTime(VOLUME, end - 0.02);
  volume.gain.linearRampToValueAtTime(0, end);
  volume.connect(context.destination);
  for (const frequency of frequencies) {
    const voice = new OscillatorNode(context, { frequency });
    voice.connect(volume);
    voice.start(start);
    voice.stop(end);
  }
};

export const keyTone = (key) => tone([LOW[key] ?? 941, HIGH[key] ?? 1336], 0.16);
export const ring = () => tone([440, 480], 1.1);

/* Plays the clips of a prompt in one handset's ear, in place of what was played there.
   Prompts nobody recorded stay silent; their words are on the screen. */
export const say = (number, clips) => {
  if (!context) return;
  hush(number);
  if (!clips.length) return;
  const prompt = new Audio(`/prompts?clips=${encodeURIComponent(clips.join(" "))}`);
  playing.set(number, prompt);
  prompt.play().catch(() => playing.delete(number));
};

export const hush = (number) => {
  playing.get(number)?.pause();
  playing.delete(number);
};
