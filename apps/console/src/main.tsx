import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './styles.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/client.js';
import { LocaleProvider } from './i18n/locale.js';
import { router } from './router.js';
import { cssVariables, theme } from './theme.js';

/** A refusal stays one however often it is asked; only what was not reached is tried once more. */
const mayRetry = (failures: number, error: Error): boolean =>
  failures < 1 && error instanceof ApiError && error.status === 0;

const queries = new QueryClient({
  defaultOptions: {
    // An engine on this machine answers whether or not the machine is on a network.
    queries: { retry: mayRetry, retryDelay: 400, staleTime: 1_000, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});

const root = document.querySelector('#root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <Notifications position="bottom-right" />
        <LocaleProvider>
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </LocaleProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
