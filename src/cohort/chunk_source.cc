#include "cohort/chunk_source.h"

namespace understudy {
namespace {

void bind_rows(duckdb_bind_info info) {
  const auto* source = static_cast<const ChunkSource*>(duckdb_bind_get_extra_info(info));
  for (const auto& [name, type] : source->columns()) {
    duckdb_logical_type logical = duckdb_create_logical_type(type);
    duckdb_bind_add_result_column(info, name.c_str(), logical);
    duckdb_destroy_logical_type(&logical);
  }
}

void init_rows(duckdb_init_info info) {
  static_cast<ChunkSource*>(duckdb_init_get_extra_info(info))->rewind();
  duckdb_init_set_max_threads(info, 1);
}

void give_rows(duckdb_function_info info, duckdb_data_chunk chunk) {
  static_cast<ChunkSource*>(duckdb_function_get_extra_info(info))->fill(chunk);
}

}  // namespace

void offer(Database& database, const std::string& name, ChunkSource& source) {
  duckdb_table_function function = duckdb_create_table_function();
  duckdb_table_function_set_name(function, name.c_str());
  duckdb_table_function_set_extra_info(function, &source, nullptr);
  duckdb_table_function_set_bind(function, bind_rows);
  duckdb_table_function_set_init(function, init_rows);
  duckdb_table_function_set_function(function, give_rows);
  const duckdb_state state = duckdb_register_table_function(database.connection(), function);
  duckdb_destroy_table_function(&function);
  if (state != DuckDBSuccess) fail(ErrorKind::internal, "DuckDB takes no table function");
}

}  // namespace understudy
