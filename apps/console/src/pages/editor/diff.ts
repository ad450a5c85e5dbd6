/** A line of two texts compared. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
  /** 1-based, in the older and the newer text; null where it is not in it. */
  readonly before: number | null;
  readonly after: number | null;
}

const linesOf = (text: string): string[] =>
  text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);

/** Lines of two texts, the longest run that both share left as it is. */
export function diffLines(older: string, newer: string): readonly DiffLine[] {
  const [before, after] = [linesOf(older), linesOf(newer)];
  const common = longest(before, after);
  const lines: DiffLine[] = [];
  let [one, other] = [0, 0];
  const pass = (untilOne: number, untilOther: number): void => {
    for (; one < untilOne; one += 1) {
      lines.push({ kind: 'removed', text: before[one] ?? '', before: one + 1, after: null });
    }
    for (; other < untilOther; other += 1) {
      lines.push({ kind: 'added', text: after[other] ?? '', before: null, after: other + 1 });
    }
  };
  for (const [at, place] of common) {
    pass(at, place);
    lines.push({ kind: 'same', text: before[at] ?? '', before: at + 1, after: place + 1 });
    one += 1;
    other += 1;
  }
  pass(before.length, after.length);
  return lines;
}

/** Places of the longest common subsequence: files here have some hundred lines. */
function longest(
  before: readonly string[],
  after: readonly string[],
): readonly (readonly [number, number])[] {
  const width = after.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  const lengthAt = (one: number, other: number): number => lengths[one * width + other] ?? 0;
  for (let one = before.length - 1; one >= 0; one -= 1) {
    for (let other = after.length - 1; other >= 0; other -= 1) {
      lengths[one * width + other] =
        before[one] === after[other]
          ? lengthAt(one + 1, other + 1) + 1
          : Math.max(lengthAt(one + 1, other), lengthAt(one, other + 1));
    }
  }
  const places: (readonly [number, number])[] = [];
  let [one, other] = [0, 0];
  while (one < before.length && other < after.length) {
    if (before[one] === after[other]) {
      places.push([one, other]);
      one += 1;
      other += 1;
    } else if (lengthAt(one + 1, other) >= lengthAt(one, other + 1)) one += 1;
    else other += 1;
  }
  return places;
}
