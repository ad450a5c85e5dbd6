import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { ApiBodyInput, ApiResponse } from '#libs/contracts';
import { useLocale } from '../i18n/locale.js';
import { call, type ApiError, type Asked, type Operation } from './client.js';

/** How often live counts are asked for again. */
export const LIVE_MS = 3_000;
/** How often pages that move slowly are. */
export const SLOW_MS = 10_000;

interface ReadOptions {
  /** Asks again this often while the page is looked at. */
  readonly everyMs?: number;
  readonly isEnabled?: boolean;
}

/** Reads an operation; its answer is shared by all who ask the same in the same language. */
export function useRead<Name extends Operation>(
  operation: Name,
  asked: Omit<Asked<Name>, 'body' | 'signal'> = {},
  { everyMs, isEnabled = true }: ReadOptions = {},
): UseQueryResult<ApiResponse<Name>, ApiError> {
  const { locale } = useLocale();
  return useQuery<ApiResponse<Name>, ApiError>({
    queryKey: [operation, locale, asked],
    queryFn: ({ signal }) => call(locale, operation, { ...asked, signal }),
    enabled: isEnabled,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  });
}

/** Operations that answer a page of a list. */
type PagedOperation = {
  [Name in Operation]: ApiResponse<Name> extends { items: readonly unknown[]; next: string | null }
    ? Name
    : never;
}[Operation];

/** Reads a list page by page. */
export function usePages<Name extends PagedOperation>(
  operation: Name,
  asked: Omit<Asked<Name>, 'body' | 'signal'> = {},
  { everyMs }: ReadOptions = {},
) {
  const { locale } = useLocale();
  return useInfiniteQuery({
    queryKey: [operation, locale, asked, 'pages'],
    queryFn: ({ pageParam, signal }) => {
      const query = pageParam === '' ? asked.query : { ...asked.query, cursor: pageParam };
      return call(locale, operation, { ...asked, query, signal } as Asked<Name>);
    },
    initialPageParam: '',
    getNextPageParam: (page) => (page as { readonly next: string | null }).next,
    // Another filter changes the rows in place instead of emptying the page first.
    placeholderData: keepPreviousData,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  });
}

/** Does an operation, then has the named ones read again. */
export function useDo<Name extends Operation>(operation: Name, stale: readonly Operation[]) {
  const { locale } = useLocale();
  const client = useQueryClient();
  return useMutation<
    ApiResponse<Name>,
    ApiError,
    { readonly params?: Readonly<Record<string, string>>; readonly body?: ApiBodyInput<Name> }
  >({
    mutationFn: (asked) => call(locale, operation, asked as Asked<Name>),
    onSuccess: () =>
      Promise.all(stale.map((name) => client.invalidateQueries({ queryKey: [name] }))),
  });
}
