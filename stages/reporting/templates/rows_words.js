"use strict";
// How an answer differs from its reference: word by word, or character by character in scripts that
// have no spaces. Knows nothing of the page.
const Words = (() => {
  // Of longer texts the beginnings are compared, since time and space grow with the square.
  const WORDS = 1500;
  // An answer that shares less than this (Dice) with its reference is another text: all of it would be
  // marked, and nothing seen.
  const KIN = 0.25;
  const SIGN = "[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\u30fc\\p{sc=Thai}\\p{sc=Khmer}\\p{sc=Lao}\\p{sc=Myanmar}]\\p{M}*";
  const WORD = `(?:(?!${SIGN})[\\p{L}\\p{M}\\p{N}_])+`;
  // Any other character with what belongs to it: an emoji may be several, joined.
  const OTHER = "\\S(?:[\\p{M}\\ufe0e\\ufe0f\\p{EMod}]|\\u200d\\S)*";
  const TOKEN = new RegExp(`${SIGN}|${WORD}|${OTHER}`, "gu");

  // Each word with the places where it begins and ends; blanks belong to none.
  const tokens = (text) =>
    Array.from(text.matchAll(TOKEN), ({ 0: word, index }) => ({ word, start: index, end: index + word.length }));

  // The longest common subsequence: for each of `b` which of `a` it is, or -1.
  function aligned(a, b) {
    const width = b.length + 1;
    // At i * width + j: how many words the rests from a[i] and b[j] on have in common.
    const rest = new Uint16Array((a.length + 1) * width);
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) {
        const at = i * width + j;
        rest[at] = a[i].word === b[j].word ? rest[at + width + 1] + 1 : Math.max(rest[at + width], rest[at + 1]);
      }
    }
    const matches = new Array(b.length).fill(-1);
    for (let i = 0, j = 0; i < a.length && j < b.length; ) {
      const at = i * width + j;
      if (a[i].word === b[j].word) matches[j++] = i++;
      else if (rest[at + width] >= rest[at + 1]) i++;
      else j++;
    }
    return matches;
  }

  // The answer as [kind, text] parts: "same", "more" (the reference does not have it) and "less" (the
  // reference has it here). All but "less" together are the answer, to the letter. Not `whole`: what
  // comes last was not compared. Not `kin`: the two share so little that nothing is marked.
  function differences(reference, answer) {
    const [all, every] = [tokens(reference), tokens(answer)];
    const [theirs, ours] = [all.slice(0, WORDS), every.slice(0, WORDS)];
    const whole = all.length === theirs.length && every.length === ours.length;
    const matches = aligned(theirs, ours);
    const shared = matches.filter((match) => match >= 0).length;
    if (2 * shared < KIN * (theirs.length + ours.length)) return { parts: [["same", answer]], whole, kin: false };
    const parts = [];
    const add = (kind, text) => {
      if (text && parts.at(-1)?.[0] === kind) parts.at(-1)[1] += text;
      else if (text) parts.push([kind, text]);
    };
    // What is missing before the next word that both have comes first, then what stands in its place.
    const upcoming = [...matches, whole ? theirs.length : -1];
    for (let place = ours.length - 1; place >= 0; place--) {
      if (upcoming[place] < 0) upcoming[place] = upcoming[place + 1];
    }
    let [next, from] = [0, 0];
    const lacks = (end) => {
      if (next < end) add("less", reference.slice(theirs[next].start, theirs[end - 1].end));
      next = Math.max(next, end);
    };
    ours.forEach(({ start, end }, place) => {
      const match = matches[place];
      const kind = match < 0 ? "more" : "same";
      // A blank between two marked words is marked with them.
      add(kind === "more" && parts.at(-1)?.[0] === "more" ? "more" : "same", answer.slice(from, start));
      lacks(upcoming[place]);
      if (match >= 0) next = match + 1;
      add(kind, answer.slice(start, end));
      from = end;
    });
    lacks(upcoming[ours.length]);
    add("same", answer.slice(from));
    return { parts, whole, kin: true };
  }

  return { differences };
})();
