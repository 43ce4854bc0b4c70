#include "cohort/clinical/layouts/meds.h"

namespace understudy {
namespace {

constexpr TableFile kTables[] = {
    {"data", "data/**/*.parquet", "subject_id:BIGINT time:TIMESTAMP code numeric_value:DOUBLE text_value?"},
};

// A death at midnight is a date: it lasts until the end of the day.
constexpr std::string_view kStays = R"sql(
  WITH people AS (SELECT subject_id, min(time) FILTER (starts_with(code, 'ICU_ADMISSION')) AS unit,
      min(time) FILTER (starts_with(code, 'HOSPITAL_ADMISSION')) AS hospital,
      min(time) FILTER (code NOT IN ('MEDS_BIRTH', 'MEDS_DEATH')) AS first_event,
      max(time) FILTER (code NOT IN ('MEDS_BIRTH', 'MEDS_DEATH')) AS last_event,
      min(time) FILTER (code = 'MEDS_BIRTH') AS birth, min(time) FILTER (code = 'MEDS_DEATH') AS death,
      min(upper(split_part(code, '//', 2))) FILTER (starts_with(code, 'GENDER//')) AS gender
      FROM data GROUP BY subject_id),
    begun AS (SELECT *, coalesce(unit, hospital, first_event) AS begins,
      CASE WHEN unit IS NOT NULL THEN 'ICU_DISCHARGE' WHEN hospital IS NOT NULL THEN 'HOSPITAL_DISCHARGE' END AS stops
      FROM people),
    ended AS (SELECT b.subject_id, min(e.time) FILTER (starts_with(e.code, b.stops) AND e.time >= b.begins) AS ends,
      max(e.time) FILTER (starts_with(e.code, 'HOSPITAL_ADMISSION') AND e.time <= b.begins) AS admitted
      FROM begun b JOIN data e ON e.subject_id = b.subject_id
      WHERE starts_with(e.code, 'HOSPITAL_') OR starts_with(e.code, 'ICU_DISCHARGE') GROUP BY b.subject_id),
    whole AS (SELECT b.*, CASE WHEN b.stops IS NULL THEN b.last_event ELSE e.ends END AS ends, e.admitted
      FROM begun b LEFT JOIN ended e ON e.subject_id = b.subject_id)
  SELECT subject_id AS subject, subject_id AS stay, 0 AS ordinal, epoch_us(begins) / 6e7 AS start,
    epoch_us(ends) / 6e7 AS stop, epoch_us(coalesce(admitted, begins)) / 6e7 AS earliest,
    epoch_us(CASE WHEN death = date_trunc('day', death) THEN death + INTERVAL 1 DAY ELSE death END) / 6e7
      AS latest,
    date_sub('year', birth, begins) AS age,
    CASE WHEN gender IN ('F', 'FEMALE') THEN 'F' WHEN gender IN ('M', 'MALE') THEN 'M' END AS sex,
    CASE WHEN death >= date_trunc('day', begins) AND death <= ends + INTERVAL 1 DAY THEN 'true' ELSE 'false' END
      AS died,
    (epoch(ends) - epoch(begins)) / 3600 AS length_of_stay_hours
  FROM whole)sql";

// Of a person without an admission to the hospital, of intensive care; without either, one from the first to the last event.
constexpr std::string_view kVisits = R"sql(
  WITH people AS (SELECT subject_id, CASE WHEN bool_or(starts_with(code, 'HOSPITAL_ADMISSION')) THEN 'HOSPITAL'
        WHEN bool_or(starts_with(code, 'ICU_ADMISSION')) THEN 'ICU' END AS place,
      min(time) FILTER (code NOT IN ('MEDS_BIRTH', 'MEDS_DEATH')) AS first_event,
      max(time) FILTER (code NOT IN ('MEDS_BIRTH', 'MEDS_DEATH')) AS last_event,
      min(time) FILTER (code = 'MEDS_BIRTH') AS birth, min(time) FILTER (code = 'MEDS_DEATH') AS death,
      min(upper(split_part(code, '//', 2))) FILTER (starts_with(code, 'GENDER//')) AS gender
      FROM data GROUP BY subject_id),
    begun AS (SELECT DISTINCT p.*, e.time AS begins FROM people p JOIN data e ON e.subject_id = p.subject_id
        AND starts_with(e.code, p.place || '_ADMISSION')
      UNION ALL SELECT *, first_event FROM people WHERE place IS NULL),
    ended AS (SELECT b.subject_id, b.begins, coalesce(min(e.time) FILTER (e.time > b.begins), min(e.time)) AS ends FROM begun b JOIN data e ON e.subject_id = b.subject_id
        AND starts_with(e.code, b.place || '_DISCHARGE') AND e.time >= b.begins GROUP BY ALL),
    whole AS (SELECT b.*, CASE WHEN b.place IS NULL THEN b.last_event ELSE e.ends END AS ends
      FROM begun b LEFT JOIN ended e ON e.subject_id = b.subject_id AND e.begins = b.begins)
  SELECT subject_id AS subject, subject_id AS stay, epoch_us(begins) AS ordinal, epoch_us(begins) / 6e7 AS start,
    epoch_us(ends) / 6e7 AS stop, epoch_us(begins) / 6e7 AS earliest,
    epoch_us(CASE WHEN death = date_trunc('day', death) THEN death + INTERVAL 1 DAY ELSE death END) / 6e7 AS latest,
    date_sub('year', birth, begins) AS age,
    CASE WHEN gender IN ('F', 'FEMALE') THEN 'F' WHEN gender IN ('M', 'MALE') THEN 'M' END AS sex,
    CASE WHEN death >= date_trunc('day', begins) AND death <= ends + INTERVAL 1 DAY THEN 'true' ELSE 'false' END AS died,
    (epoch(ends) - epoch(begins)) / 3600 AS length_of_stay_hours
  FROM whole)sql";

// Numbers are 32 bits wide: their shortest text is the number that was meant.
constexpr EventSource kEvents[] = {
    {"data", EventSource::Owner::subject, R"sql(
      SELECT subject_id AS subject, epoch_us(time) / 6e7 AS at,
        CASE WHEN starts_with(code, 'LAB//RESULT//') THEN 'LAB//' || split_part(code, '//', 3)
          WHEN starts_with(code, 'LAB//') OR starts_with(code, 'SUBJECT_FLUID_OUTPUT//')
            THEN split_part(code, '//', 1) || '//' || split_part(code, '//', 2) ELSE code END AS item,
        coalesce(TRY_CAST(numeric_value_text AS DOUBLE), numeric_value) AS number,
        coalesce(numeric_value_text, text_value) AS text,
        nullif(CASE WHEN starts_with(code, 'LAB//RESULT//') THEN split_part(code, '//', 4)
          WHEN starts_with(code, 'LAB//') OR starts_with(code, 'SUBJECT_FLUID_OUTPUT//')
            THEN split_part(code, '//', 3) END, 'UNK') AS unit
      FROM data)sql"},
};

// Of the whole record, where there is one stay: the standard does not say which a diagnosis belongs to.
constexpr CodeSource kCodes[] = {
    {"data", CodeSource::Owner::subject,
     "SELECT subject_id AS subject, epoch_us(time) / 6e7 AS at, 'icd' || split_part(code, '//', 3) || ':' || split_part(code, '//', 4) AS code FROM data "
     "WHERE starts_with(code, 'DIAGNOSIS//ICD//')"},
};

constexpr std::string_view kCarries = "age:BIGINT sex died:BOOLEAN length_of_stay_hours:DOUBLE";

// Sorted by person, events without a time first, as the standard asks.
constexpr OutputFile kOutput[] = {
    {"data/train/0.parquet", R"sql(
      SELECT key AS subject_id, time, code, CAST(number AS FLOAT) AS numeric_value, text AS text_value FROM (
        SELECT key, NULL::TIMESTAMP AS time, 'GENDER//' || sex AS code, NULL::DOUBLE AS number, NULL::VARCHAR AS text, 0 AS place
          FROM people WHERE sex IS NOT NULL
        UNION ALL SELECT key, origin - to_years(age), 'MEDS_BIRTH', NULL, NULL, 1 FROM people WHERE age IS NOT NULL
        UNION ALL SELECT key, origin, 'ICU_ADMISSION', NULL, NULL, 2 FROM visits
        UNION ALL SELECT key, origin + to_minutes(minutes), 'DIAGNOSIS//ICD//' || replace(split_part(code, ':', 1), 'icd', '')
          || '//' || split_part(code, ':', 2), NULL, NULL, 3 FROM codes JOIN visits USING (key, visit)
        UNION ALL SELECT key, origin + to_minutes(minute), item, number, text, 3 FROM measurements
        UNION ALL SELECT key, origin + to_minutes(minutes), 'ICU_DISCHARGE', NULL, NULL, 4 FROM visits
        UNION ALL SELECT key, origin + to_minutes(minutes), 'MEDS_DEATH', NULL, NULL, 5 FROM people WHERE died)
      ORDER BY key, time NULLS FIRST, place)sql"},
    {"metadata/codes.parquet",
     "SELECT item AS code, variable || ' in ' || unit AS description, NULL::VARCHAR[] AS parent_codes FROM items"},
};

}  // namespace

const Layout kMeds = {
    .name = "meds",
    .summary = "MEDS: a folder with data/*.parquet or folders of Parquet files below data",
    .mark = "data/**/*.parquet",
    .tables = kTables,
    .stays = kStays,
    .events = kEvents,
    .codes = kCodes,
    .visits = kVisits,
    .carries = kCarries,
    .output = kOutput,
    .code_systems = "icd9: icd10:",
};

}  // namespace understudy
