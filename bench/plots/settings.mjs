// The settings of the core that foca does not have, and the words that turn them on and off.

export const SETTINGS = [
  "probeSilentFirst",
  "probeSuccessor",
  "gossipToSuccessor",
  "listToSuccessor",
  "repeatDown",
  "holdWhenDeaf",
  "noticeLateness",
  "tellSuspects",
  "fitRtt",
  "seekDown",
  "answerFormer",
  "preferHeard",
];
/** Those of them that are there for the field. */
export const FIELD_SETTINGS = SETTINGS.slice(5);

/** The words that turn some settings off. */
export function without(names) {
  return "--set " + names.map((name) => name + "=false").join(" ");
}

/** foca's way. */
export const OFF = without(SETTINGS);
