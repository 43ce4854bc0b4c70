#include "cohort/clinical/measurement_source.h"

#include <algorithm>

namespace understudy {

MeasurementSource::MeasurementSource(std::vector<Variable> variables, const std::vector<std::int64_t>& visits,
                                     const Cohort& cohort, std::int64_t step)
    : variables_(std::move(variables)), visits_(visits), cohort_(cohort), step_(step) {}

std::vector<std::pair<std::string, duckdb_type>> MeasurementSource::columns() const {
  return {{"visit", DUCKDB_TYPE_BIGINT},
          {"minute", DUCKDB_TYPE_BIGINT},
          {"variable_number", DUCKDB_TYPE_INTEGER},
          {"number", DUCKDB_TYPE_DOUBLE},
          {"text", DUCKDB_TYPE_VARCHAR}};
}

std::int64_t MeasurementSource::index() const {
  return at_.row < 0 ? at_.person : cohort_.offsets[static_cast<std::size_t>(at_.person)] + at_.row;
}

bool MeasurementSource::find_next() {
  for (; at_.person < cohort_.size(); ++at_.person, at_.row = -1) {
    if (step_ == 0 && cohort_.series_rows(at_.person) == 0) continue;  // a person without a visit
    for (; at_.row < cohort_.series_rows(at_.person); ++at_.row, at_.variable = 0) {
      for (; at_.variable < variables_.size(); ++at_.variable) {
        const Variable& variable = variables_[at_.variable];
        if (variable.is_static == (at_.row < 0) && variable.values->is_valid(index())) return true;
      }
    }
  }
  return false;
}

void MeasurementSource::fill(duckdb_data_chunk chunk) {
  duckdb_vector text = duckdb_data_chunk_get_vector(chunk, 4);
  auto* visits = static_cast<std::int64_t*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0)));
  auto* minutes = static_cast<std::int64_t*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 1)));
  auto* variables = static_cast<std::int32_t*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 2)));
  auto* numbers = static_cast<double*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 3)));
  duckdb_vector_ensure_validity_writable(text);
  std::uint64_t* has_text = duckdb_vector_get_validity(text);
  const idx_t most = duckdb_vector_size();
  idx_t count = 0;
  for (; count < most && find_next(); ++count, ++at_.variable) {
    const Variable& variable = variables_[at_.variable];
    const double number = variable.values->number(index());
    visits[count] = visits_[static_cast<std::size_t>(at_.person)] + (step_ == 0 ? std::max<std::int64_t>(at_.row, 0) : 0);
    minutes[count] = at_.row < 0 || cohort_.schema.time.empty() ? 0 : static_cast<std::int64_t>(cohort_.times.number(index())) * step_;
    variables[count] = static_cast<std::int32_t>(at_.variable);
    numbers[count] = number;
    if (is_categorical(variable.spec->type)) {
      assign_text(text, count, variable.spec->categories[static_cast<std::size_t>(number)]);
    } else {
      duckdb_validity_set_row_invalid(has_text, count);
    }
  }
  duckdb_data_chunk_set_size(chunk, count);
}

}  // namespace understudy
