import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTexts } from '../../i18n/text.js';
import { diffLines, type DiffLine } from './diff.js';
import classes from './editor.module.css';
import { editorWords } from './words.js';

/** Lines left as they are that are shown around a change. */
const AROUND = 3;

type Part = { readonly lines: readonly DiffLine[] } | { readonly skipped: number };

/** Leaves out long runs that are the same. */
function partsOf(lines: readonly DiffLine[]): readonly Part[] {
  const isNear = lines.map((_, index) =>
    lines
      .slice(Math.max(0, index - AROUND), index + AROUND + 1)
      .some(({ kind }) => kind !== 'same'),
  );
  const parts: Part[] = [];
  let from = 0;
  while (from < lines.length) {
    let to = from;
    while (to < lines.length && isNear[to] === isNear[from]) to += 1;
    parts.push(isNear[from] === true ? { lines: lines.slice(from, to) } : { skipped: to - from });
    from = to;
  }
  return parts;
}

interface CompareProps {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

const SIGNS = { same: ' ', added: '+', removed: '−' };

/** Two texts as one: lines taken out and put in, with their comments. */
export function Compare({ label, before, after }: CompareProps) {
  const t = useTexts(editorWords);
  const parts = useMemo(() => partsOf(diffLines(before, after)), [before, after]);
  if (before === after) return <Text size="sm">{t.same}</Text>;
  return (
    <div className={classes['diff']} role="group" tabIndex={0} aria-label={label}>
      {parts.map((part, index) =>
        'skipped' in part ? (
          <div key={index} className={classes['skipped']}>
            ⋯ {t.unchanged(part.skipped)}
          </div>
        ) : (
          part.lines.map(({ kind, text, before: old, after: fresh }) => (
            <div key={`${old}-${fresh}`} className={classes['diffLine']} data-kind={kind}>
              <span className={classes['diffNumber']}>{old}</span>
              <span className={classes['diffNumber']}>{fresh}</span>
              <span
                className={classes['diffSign']}
                {...(kind === 'same'
                  ? {}
                  : { role: 'img', 'aria-label': kind === 'added' ? t.lineAdded : t.lineRemoved })}
              >
                {SIGNS[kind]}
              </span>
              <span>{text}</span>
            </div>
          ))
        ),
      )}
    </div>
  );
}
