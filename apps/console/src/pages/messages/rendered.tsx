import classes from './messages.module.css';

/**
 * Nothing of the message runs, and nothing is fetched from outside: opening it here tells nobody.
 * Its links open apart, as a mail reader would.
 */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'";

// A document that starts so keeps its policy whatever follows: a second doctype, html or head
// start tag within is passed over by every browser's parser.
const PREFACE = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="referrer" content="no-referrer"><base target="_blank">`;

interface RenderedProps {
  readonly label: string;
  readonly html: string;
  readonly isPhone: boolean;
}

/** A mail as its reader sees it, shut into a frame of its own. */
export function Rendered({ label, html, isPhone }: RenderedProps) {
  return (
    <div className={classes['stage']}>
      <iframe
        className={classes['frame']}
        data-phone={isPhone}
        title={label}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        srcDoc={PREFACE + html}
      />
    </div>
  );
}
