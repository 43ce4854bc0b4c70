#include "cohort/clinical/layouts/omop.h"

namespace understudy {
namespace {

constexpr TableFile kTables[] = {
    {"person", "person",
     "person_id:BIGINT gender_concept_id:BIGINT year_of_birth:BIGINT race_source_value? ethnicity_source_value?"},
    {"visit_occurrence", "visit_occurrence",
     "visit_occurrence_id:BIGINT person_id:BIGINT visit_concept_id:BIGINT? visit_start_datetime:TIMESTAMP? "
     "visit_start_date:TIMESTAMP? visit_end_datetime:TIMESTAMP? visit_end_date:TIMESTAMP?"},
    {"measurement", "measurement",
     "person_id:BIGINT measurement_concept_id:BIGINT measurement_datetime:TIMESTAMP? measurement_date:TIMESTAMP? "
     "value_as_number:DOUBLE value_source_value? unit_source_value? unit_concept_id:BIGINT?"},
    {"observation", "observation",
     "person_id:BIGINT observation_concept_id:BIGINT observation_datetime:TIMESTAMP? observation_date:TIMESTAMP? "
     "value_as_number:DOUBLE? value_as_string? unit_source_value?",
     false},
    {"death", "death", "person_id:BIGINT death_datetime:TIMESTAMP? death_date:TIMESTAMP?", false},
};

// A death at midnight is a date: it lasts until the end of the day.
constexpr std::string_view kStays = R"sql(
  WITH visits AS (SELECT person_id, visit_occurrence_id, visit_concept_id,
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
      WHEN 262 THEN 'emergency and inpatient' END AS admission_type,
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

}  // namespace

const Layout kOmop = {
    "omop", "OMOP CDM: one folder with person, visit_occurrence, measurement and other tables",
    "person&visit_occurrence&measurement", kTables, kStays, kEvents,
};

}  // namespace understudy
