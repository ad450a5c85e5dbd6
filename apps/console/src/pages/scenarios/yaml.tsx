import { Fragment } from 'react';
import classes from './yaml.module.css';

interface YamlProps {
  readonly label: string;
  readonly text: string;
  /** Lines to mark, 1-based: those of problems, or of the step that is open. */
  readonly marked: ReadonlySet<number>;
}

const PARTS = /^(?<lead>\s*(?:- )*)(?:(?<key>[\w.-]+)(?<colon>:)(?=\s|$))?(?<rest>.*)$/;

/** Where a comment starts: a `#` after a space that no quote holds; the end where there is none. */
function commentStart(text: string): number {
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const sign = text.charAt(index);
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '#' && (index === 0 || /\s/.test(text.charAt(index - 1)))) return index;
  }
  return text.length;
}

function Line({ line }: { readonly line: string }) {
  const cut = commentStart(line);
  const { lead = '', key, rest = '' } = PARTS.exec(line.slice(0, cut))?.groups ?? {};
  return (
    <>
      {lead}
      {key !== undefined && <span className={classes['key']}>{key}:</span>}
      {rest}
      {cut < line.length && <span className={classes['comment']}>{line.slice(cut)}</span>}
    </>
  );
}

/** A YAML file to read, its lines numbered. */
export function Yaml({ label, text, marked }: YamlProps) {
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    <pre className={classes['file']} tabIndex={0} aria-label={label}>
      {lines.map((line, index) => (
        <Fragment key={index}>
          <code className={classes['line']} data-marked={marked.has(index + 1)}>
            <Line line={line} />
            {'\n'}
          </code>
        </Fragment>
      ))}
    </pre>
  );
}
