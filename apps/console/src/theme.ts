import { createTheme, type CSSVariablesResolver } from '@mantine/core';

/** One accent, quiet greys; sizes and colours of Mantine alone. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'md',
  autoContrast: true,
  cursorType: 'pointer',
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.6rem' }, h2: { fontSize: '1.15rem' }, h3: { fontSize: '1rem' } },
  },
});

/** Colours that badges and notes use, their text darkened until it reads well on its own tint. */
const TINTS = ['green', 'yellow', 'orange', 'red', 'gray', 'indigo', 'grape', 'blue'];
const darkened = Object.fromEntries(
  TINTS.map((name) => [
    `--mantine-color-${name}-light-color`,
    `color-mix(in srgb, var(--mantine-color-${name}-9), var(--mantine-color-black) 35%)`,
  ]),
);

/** In the dark, tints faint enough for every text and link to read well on them. */
const faint = Object.fromEntries(
  TINTS.flatMap((name) => [
    [
      `--mantine-color-${name}-light`,
      `color-mix(in srgb, var(--mantine-color-${name}-8), transparent 84%)`,
    ],
    [`--mantine-color-${name}-light-color`, `var(--mantine-color-${name}-3)`],
  ]),
);

/** Mantine's quiet text is too pale to be read by everybody (WCAG AA asks for 4.5 to 1). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...darkened,
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-placeholder': 'var(--mantine-color-gray-7)',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--relance-page': 'var(--mantine-color-gray-0)',
    '--relance-line': 'var(--mantine-color-gray-3)',
  },
  dark: {
    ...faint,
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-placeholder': 'var(--mantine-color-dark-1)',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
    '--mantine-color-anchor': 'var(--mantine-color-indigo-3)',
    '--relance-page': 'var(--mantine-color-dark-8)',
    '--relance-line': 'var(--mantine-color-dark-4)',
  },
});
