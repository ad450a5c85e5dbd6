/** Shapes on a grid of 24, drawn with one stroke. */
const SHAPES = {
  today: 'M4 6h16v14H4z M4 10h16 M8 3v4 M16 3v4 M9 15l2 2 4-4',
  scenario: 'M9 3h6v5H9z M3 16h6v5H3z M15 16h6v5h-6z M12 8v4 M6 16v-4h12v4',
  people:
    'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M2 21a7 7 0 0 1 14 0 M16 3.5a4 4 0 0 1 0 7.5 M18 14.5a7 7 0 0 1 4 6.5',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4 21a8 8 0 0 1 16 0',
  account: 'M4 21V4h10v17 M14 9h6v12 M2 21h20 M8 8h2 M8 12h2 M8 16h2',
  task: 'M5 4h14v17H5z M9 2h6v4H9z M9 13l2 2 4-4',
  message: 'M3 5h18v14H3z M3 6l9 7 9-7',
  phone: 'M7 2h10v20H7z M11 18h2',
  result: 'M4 20h16 M6 20v-6 M11 20V8 M16 20V4',
  decision: 'M12 3v6 M12 9l-6 5v7 M12 9l6 5v7 M9 6l3-3 3 3',
  deadLetter: 'M3 7h18v12H3z M3 8l9 6 9-6 M9 3l6 0 M12 3v3',
  status: 'M3 12h4l3 7 4-14 3 7h4',
  table: 'M3 5h18v14H3z M3 10h18 M3 15h18 M9 5v14',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 7v5l3 3',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M12 2v2 M12 20v2 M2 12h2 M20 12h2 M5 5l1.5 1.5 M17.5 17.5L19 19 M5 19l1.5-1.5 M17.5 6.5L19 5',
  moon: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14z M16 16l5 5',
  check: 'M4 12l5 5L20 6',
  cross: 'M6 6l12 12 M18 6L6 18',
  warning: 'M12 3l10 18H2z M12 10v5 M12 18v.1',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 11v6 M12 7v.1',
  right: 'M9 5l7 7-7 7',
  down: 'M5 9l7 7 7-7',
  wait: 'M6 3h12 M6 21h12 M7 3c0 6 10 6 10 18 M17 3c0 6-10 6-10 18',
  split: 'M12 3v5 M12 8l-7 6v7 M12 8l7 6v7',
  event: 'M13 2L5 14h6l-1 8 8-12h-6z',
  flag: 'M5 21V4h12l-2 4 2 4H5',
  enter: 'M4 4h8v16H4 M9 12h12 M17 8l4 4-4 4',
  edit: 'M4 20l1-5L16 4l4 4L9 19z',
  copy: 'M9 9h11v11H9z M5 15H4V4h11v1',
  plus: 'M12 5v14 M5 12h14',
  dots: 'M4 12h2 M11 12h2 M18 12h2',
  up: 'M5 15l7-7 7 7',
  trash: 'M4 7h16 M9 7V4h6v3 M6 7l1 14h10l1-14',
  download: 'M12 3v12 M7 11l5 5 5-5 M4 21h16',
  undo: 'M8 5L3 10l5 5 M3 10h11a6 6 0 0 1 0 12h-3',
  redo: 'M16 5l5 5-5 5 M21 10H10a6 6 0 0 0 0 12h3',
  file: 'M6 2h8l5 5v15H6z M14 2v5h5',
  signOut: 'M14 4H5v16h9 M10 12h11 M17 8l4 4-4 4',
} as const;

/** Name of a drawing. */
export type IconName = keyof typeof SHAPES;

interface IconProps {
  readonly name: IconName;
  readonly size?: number;
}

/** A line drawing beside words that say the same, so it is hidden from screen readers. */
export function Icon({ name, size = 18 }: IconProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}
