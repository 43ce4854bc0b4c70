#include "cohort/clinical/layouts/long.h"

namespace understudy {
namespace {

constexpr TableFile kTables[] = {
    {"records", "*.csv|*.csv.gz|*.parquet", "subject time variable value:DOUBLE unit?"},
};

// Of a person with dates nothing can have been measured before the first of them: numbers among dates are refused.
constexpr std::string_view kStays = R"sql(
  WITH people AS (SELECT subject, min(epoch_us(CASE WHEN TRY_CAST(time AS DOUBLE) IS NULL
        AND NOT regexp_full_match(time, '[0-9]+:[0-9]{2}(:[0-9]{2})?') THEN TRY_CAST(time AS TIMESTAMP) END))
        / 6e7 AS first_date
      FROM records GROUP BY subject)
  SELECT subject, subject AS stay, 0 AS ordinal, coalesce(first_date, 0) AS start, NULL::BIGINT AS stop,
    first_date AS earliest, NULL::BIGINT AS latest FROM people)sql";

constexpr EventSource kEvents[] = {
    {"records", EventSource::Owner::stay, R"sql(
      SELECT subject AS stay, CASE WHEN TRY_CAST(time AS DOUBLE) IS NOT NULL
          THEN TRY_CAST(floor(TRY_CAST(time AS DOUBLE) * getvariable('step')) AS BIGINT)
        WHEN regexp_full_match(time, '[0-9]+:[0-9]{2}(:[0-9]{2})?')
          THEN 60 * TRY_CAST(split_part(time, ':', 1) AS BIGINT) + TRY_CAST(split_part(time, ':', 2) AS BIGINT)
        ELSE epoch_us(TRY_CAST(time AS TIMESTAMP)) / 6e7 END AS at,
        variable AS item, value AS number, value_text AS text, unit FROM records)sql"},
};

constexpr OutputFile kOutput[] = {
    {"records.csv",
     "SELECT key AS subject, minute // getvariable('step') AS time, variable, coalesce(text, CAST(number AS VARCHAR)) AS value, "
     "CASE WHEN text IS NULL THEN nullif(unit, '') END AS unit FROM measurements"},
};

}  // namespace

const Layout kLong = {
    .name = "long",
    .summary = "one table of single measurements with the columns subject, time, variable, value and unit",
    .mark = "*.csv",
    .tables = kTables,
    .stays = kStays,
    .events = kEvents,
    .uses_concepts = false,
    .carries = {},
    .output = kOutput,
    .has_visits = false,
};

}  // namespace understudy
