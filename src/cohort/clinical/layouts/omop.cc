#include "cohort/clinical/layouts/omop.h"

namespace understudy {
namespace {

constexpr TableFile kTables[] = {
    {"person", "person",
     "person_id:BIGINT gender_concept_id:BIGINT year_of_birth:BIGINT race_source_value? ethnicity_source_value?"},
    {"visit_occurrence", "visit_occurrence",
     "visit_occurrence_id:BIGINT person_id:BIGINT visit_concept_id:BIGINT? visit_source_value? visit_start_datetime:TIMESTAMP? "
     "visit_start_date:TIMESTAMP? visit_end_datetime:TIMESTAMP? visit_end_date:TIMESTAMP?"},
    {"measurement", "measurement",
     "person_id:BIGINT measurement_concept_id:BIGINT measurement_datetime:TIMESTAMP? measurement_date:TIMESTAMP? "
     "value_as_number:DOUBLE value_source_value? unit_source_value? unit_concept_id:BIGINT?"},
    {"condition_occurrence", "condition_occurrence",
     "visit_occurrence_id:BIGINT? condition_concept_id:BIGINT? condition_source_value?", false},
    {"observation", "observation",
     "person_id:BIGINT observation_concept_id:BIGINT observation_datetime:TIMESTAMP? observation_date:TIMESTAMP? "
     "value_as_number:DOUBLE? value_as_string? unit_source_value?",
     false},
    {"death", "death", "person_id:BIGINT death_datetime:TIMESTAMP? death_date:TIMESTAMP?", false},
};

// A death at midnight is a date: it lasts until the end of the day.
constexpr std::string_view kStays = R"sql(
  WITH visits AS (SELECT person_id, visit_occurrence_id, visit_concept_id, visit_source_value,
      coalesce(visit_start_datetime, visit_start_date) AS begins,
      coalesce(visit_end_datetime, visit_end_date + INTERVAL 1439 MINUTE) AS ends FROM visit_occurrence),
    deaths AS (SELECT person_id, min(coalesce(death_datetime, death_date)) AS at FROM death GROUP BY person_id)
  SELECT v.person_id AS subject, v.visit_occurrence_id AS stay, epoch_us(v.begins) AS ordinal,
    epoch_us(v.begins) / 6e7 AS start, epoch_us(v.ends) / 6e7 AS stop,
    epoch_us(v.begins) / 6e7 AS earliest,
    epoch_us(CASE WHEN d.at = date_trunc('day', d.at) THEN d.at + INTERVAL 1 DAY ELSE d.at END) / 6e7 AS latest,
    year(v.begins) - p.year_of_birth AS age, CASE p.gender_concept_id WHEN 8507 THEN 'M' WHEN 8532 THEN 'F' END AS sex,
    coalesce(p.race_source_value, p.ethnicity_source_value) AS ethnicity,
    CASE v.visit_concept_id WHEN 9201 THEN 'inpatient' WHEN 9202 THEN 'outpatient' WHEN 9203 THEN 'emergency'
      WHEN 262 THEN 'emergency and inpatient' ELSE v.visit_source_value END AS admission_type,
    CASE WHEN NOT getvariable('has_death') THEN NULL
      WHEN d.at >= date_trunc('day', v.begins) AND d.at <= v.ends + INTERVAL 1 DAY THEN 'true' ELSE 'false' END AS died,
    (epoch(v.ends) - epoch(v.begins)) / 3600 AS length_of_stay_hours
  FROM visits v LEFT JOIN person p ON p.person_id = v.person_id LEFT JOIN deaths d ON d.person_id = v.person_id)sql";

// The units that have no text of their own: standard concepts, in UCUM. 0 is how the model writes that there is none.
constexpr EventSource kEvents[] = {
    {"measurement", EventSource::Owner::subject, R"sql(
      SELECT person_id AS subject, epoch_us(coalesce(measurement_datetime, measurement_date)) / 6e7 AS at,
        measurement_concept_id AS item, value_as_number AS number,
        coalesce(value_as_number_text, value_source_value) AS text,
        coalesce(unit_source_value, CASE unit_concept_id WHEN 0 THEN NULL WHEN 8876 THEN 'mm[Hg]' WHEN 8840 THEN 'mg/dL'
          WHEN 8753 THEN 'mmol/L' WHEN 9557 THEN 'mEq/L' WHEN 8554 THEN '%' WHEN 8541 THEN '/min' WHEN 8483 THEN '/min'
          WHEN 586323 THEN 'Cel' WHEN 9289 THEN '[degF]' WHEN 8645 THEN 'U/L' WHEN 8923 THEN 'IU/L'
          WHEN 8842 THEN 'ng/mL' WHEN 8748 THEN 'ug/L' WHEN 8751 THEN 'mg/L' WHEN 8749 THEN 'umol/L'
          WHEN 8713 THEN 'g/dL' WHEN 8848 THEN '10*3/uL'
          WHEN 8564 THEN 'pg' WHEN 8583 THEN 'fL' WHEN 8555 THEN 's' WHEN 8587 THEN 'mL' WHEN 9529 THEN 'kg'
          WHEN 8582 THEN 'cm' WHEN 9327 THEN '[in_i]' WHEN 8523 THEN 'ratio' WHEN 44777566 THEN '{score}'
          ELSE 'concept ' || unit_concept_id END) AS unit
      FROM measurement)sql"},
    {"observation", EventSource::Owner::subject, R"sql(
      SELECT person_id AS subject, epoch_us(coalesce(observation_datetime, observation_date)) / 6e7 AS at,
        observation_concept_id AS item, value_as_number AS number,
        coalesce(value_as_number_text, value_as_string) AS text, unit_source_value AS unit FROM observation)sql"},
};

// Standard concepts, and what the source called it.
constexpr CodeSource kCodes[] = {
    {"condition_occurrence", CodeSource::Owner::stay,
     "SELECT visit_occurrence_id AS stay, 'omop:' || condition_concept_id AS code FROM condition_occurrence "
     "WHERE condition_concept_id <> 0 UNION ALL "
     "SELECT visit_occurrence_id, condition_source_value FROM condition_occurrence WHERE contains(condition_source_value, ':')"},
};

constexpr std::string_view kCarries =
    "age:BIGINT sex ethnicity admission_type died:BOOLEAN length_of_stay_hours:DOUBLE";

constexpr OutputFile kOutput[] = {
    {"person.csv",
     "SELECT key AS person_id, CASE sex WHEN 'M' THEN 8507 WHEN 'F' THEN 8532 ELSE 0 END AS gender_concept_id, "
     "year(origin) - age AS year_of_birth, 0 AS race_concept_id, ethnicity AS race_source_value FROM people ORDER BY key"},
    {"visit_occurrence.csv",
     "SELECT visit AS visit_occurrence_id, key AS person_id, CASE admission_type WHEN 'inpatient' THEN 9201 "
     "WHEN 'outpatient' THEN 9202 WHEN 'emergency' THEN 9203 WHEN 'emergency and inpatient' THEN 262 ELSE 0 END "
     "AS visit_concept_id, CAST(origin AS DATE) AS visit_start_date, origin AS visit_start_datetime, "
     "CAST(origin + to_minutes(minutes) AS DATE) AS visit_end_date, origin + to_minutes(minutes) AS visit_end_datetime, "
     "admission_type AS visit_source_value FROM visits ORDER BY visit"},
    {"measurement.csv",
     "SELECT row_number() OVER () AS measurement_id, key AS person_id, visit AS visit_occurrence_id, "
     "item AS measurement_concept_id, CAST(origin + to_minutes(minute) AS DATE) AS measurement_date, "
     "origin + to_minutes(minute) AS measurement_datetime, number AS value_as_number, text AS value_source_value, "
     "unit AS unit_source_value FROM measurements WHERE source = 'measurement'"},
    {"condition_occurrence.csv",
     "SELECT row_number() OVER () AS condition_occurrence_id, key AS person_id, visit AS visit_occurrence_id, "
     "CASE WHEN starts_with(code, 'omop:') THEN TRY_CAST(split_part(code, ':', 2) AS BIGINT) ELSE 0 END AS condition_concept_id, "
     "code AS condition_source_value FROM codes ORDER BY visit, code"},
    {"death.csv",
     "SELECT key AS person_id, CAST(origin + to_minutes(minutes) AS DATE) AS death_date, "
     "origin + to_minutes(minutes) AS death_datetime FROM people WHERE died ORDER BY key"},
    {"concept.csv", "SELECT item AS concept_id, variable AS concept_name FROM items"},
};

}  // namespace

const Layout kOmop = {
    .name = "omop",
    .summary = "OMOP CDM: one folder with person, visit_occurrence, measurement and other tables",
    .mark = "person&visit_occurrence&measurement",
    .tables = kTables,
    .stays = kStays,
    .events = kEvents,
    .codes = kCodes,
    .carries = kCarries,
    .output = kOutput,
    .code_systems = ":",
};

}  // namespace understudy
