import { refuse } from './refusal.js';

/** Settings of a query, by name, as the client wrote them. */
export type Settings = ReadonlyMap<string, string>;

const list = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Change only how an answer is written or counted: applied. */
const APPLIED = new Set(
  list(`
  date_time_output_format session_timezone join_use_nulls extremes limit offset max_block_size
  result_overflow_mode max_result_rows max_result_bytes union_default_mode
  output_format_json_quote_64bit_integers output_format_json_quote_64bit_floats
  output_format_json_quote_denormals output_format_json_quote_decimals
  output_format_json_array_of_rows output_format_json_named_tuples_as_objects
  output_format_json_map_as_array_of_tuples output_format_json_escape_forward_slashes
  output_format_json_skip_null_value_in_named_tuples output_format_write_statistics
  output_format_csv_crlf_end_of_line output_format_tsv_crlf_end_of_line format_csv_delimiter
  format_csv_null_representation format_tsv_null_representation output_format_decimal_trailing_zeros
  output_format_native_encode_types_in_binary_format output_format_native_use_flattened_dynamic_and_json_serialization
  output_format_binary_encode_types_in_binary_format output_format_binary_write_json_as_string
  output_format_parquet_string_as_string output_format_parquet_compression_method
  output_format_arrow_string_as_string output_format_arrow_compression_method
  output_format_pretty_max_rows output_format_pretty_color output_format_pretty_row_numbers
  output_format_pretty_max_column_pad_width output_format_pretty_single_large_number_tip_threshold
  `),
);

/** May be lowered below the account's own limit, never raised above it. */
const LOWERED = new Set(list('max_execution_time max_memory_usage max_threads'));

/** Mean nothing here, and drivers send them: taken and left aside. */
const IGNORED = new Set(
  list(`
  readonly log_queries log_comment query_id send_progress_in_http_headers
  http_headers_progress_interval_ms wait_end_of_query buffer_size http_response_buffer_size
  enable_http_compression http_zlib_compression_level network_compression_method
  cancel_http_readonly_queries_on_client_close http_receive_timeout http_send_timeout
  http_connection_timeout connect_timeout receive_timeout send_timeout max_insert_block_size
  async_insert wait_for_async_insert insert_deduplication_token use_client_time_zone
  cast_string_to_dynamic_use_inference type_json_skip_duplicated_paths enable_json_type
  allow_experimental_json_type allow_experimental_object_type allow_experimental_variant_type
  allow_experimental_dynamic_type input_format_json_read_numbers_as_strings
  date_time_input_format input_format_import_nested_json input_format_native_allow_types_conversion
  send_logs_level max_query_size use_query_cache enable_analyzer allow_experimental_analyzer
  priority show_table_uuid_in_table_create_query_if_not_nil
  `),
);

/** Limits of an account that a query may lower, in the engine's units. */
export type Limits = Readonly<Record<string, number>>;

const NAME = /^[a-z][a-z0-9_]*$/;
const NUMERIC = /^-?\d+(\.\d+)?$/;

/**
 * The settings of a reader's query that take effect. Refuses, by name, what is on none of the lists:
 * a setting may name a file, lift a limit or open the network.
 */
export function harmless(asked: Settings, limits: Limits): Settings {
  const applied = new Map<string, string>();
  for (const [name, value] of asked) {
    if (LOWERED.has(name)) {
      const limit = limits[name] ?? Infinity;
      const wanted = Number(value);
      // 0 means no limit to the engine: the account's own holds.
      if (NUMERIC.test(value) && wanted > 0 && wanted < limit) applied.set(name, value);
    } else if (APPLIED.has(name)) {
      applied.set(name, value);
    } else if (!IGNORED.has(name)) {
      throw refuse.readonly(`Setting '${name}' may not be changed by this user`);
    }
  }
  return applied;
}

/** Belong to the transport, or would change when an insert is safe: never given to the engine. */
const TRANSPORT = new Set(
  list(`
  readonly query_id wait_end_of_query buffer_size http_response_buffer_size
  send_progress_in_http_headers http_headers_progress_interval_ms enable_http_compression
  http_zlib_compression_level cancel_http_readonly_queries_on_client_close async_insert
  wait_for_async_insert
  `),
);

/** What is left for the engine of the settings of a user who may set anything. */
export function withoutTransport(settings: Settings): Settings {
  return new Map([...settings].filter(([name]) => !TRANSPORT.has(name)));
}

/** A text as a literal of SQL. */
export function literal(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** `a = 1, b = 'x'`, in order of name; refuses names that are none. */
export function assignments(settings: Settings): string {
  return [...settings]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => {
      if (!NAME.test(name)) throw refuse.badArguments(`Not a name of a setting: ${name}`);
      return `${name} = ${NUMERIC.test(value) ? value : literal(value)}`;
    })
    .join(', ');
}
