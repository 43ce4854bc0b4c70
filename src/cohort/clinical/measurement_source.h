// The values of a cohort one by one, as a table function of DuckDB: visit, minute, variable_number, number, text.
#pragma once

#include "cohort/chunk_source.h"
#include "understudy/cohort.h"

namespace understudy {

class MeasurementSource : public ChunkSource {
 public:
  struct Variable {
    const Column* values = nullptr;  // statics: one a person, at minute 0; else one a series row
    const ColumnSpec* spec = nullptr;
    bool is_static = false;
  };
  // `visits`: of each person, the number of the first visit. `step`: minutes of a step of the cohort's time; 0: each row is a
  // visit, numbered on from the first, and its values are of its minute 0. Static values belong to the first visit.
  // Everything must live longer. Values come in the order of people, then rows, then variables.
  MeasurementSource(std::vector<Variable> variables, const std::vector<std::int64_t>& visits, const Cohort& cohort,
                    std::int64_t step);

  std::vector<std::pair<std::string, duckdb_type>> columns() const override;
  void rewind() override { at_ = {}; }
  void fill(duckdb_data_chunk chunk) override;

 private:
  struct Position {
    std::int64_t person = 0;
    std::int64_t row = -1;  // of the person; -1: its static values
    std::size_t variable = 0;
  };
  bool find_next();  // moves to the next value that is there; false: none
  std::int64_t index() const;

  const std::vector<Variable> variables_;
  const std::vector<std::int64_t>& visits_;
  const Cohort& cohort_;
  const std::int64_t step_;
  Position at_;
};

}  // namespace understudy
