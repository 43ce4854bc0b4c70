#include "cohort/clinical/layouts/physionet_2012.h"

namespace understudy {
namespace {

constexpr TableFile kTables[] = {
    {"records", "*.txt|records", "RecordID? Time Parameter Value filename?"},
    {"outcomes", "../Outcomes-?|Outcomes-?|outcomes",
     "RecordID Length_of_stay:BIGINT Survival:BIGINT In-hospital_death:BIGINT SAPS-I:DOUBLE SOFA:DOUBLE", false},
};

constexpr std::string_view kStays = R"sql(
  WITH named AS (SELECT coalesce(RecordID, CAST(parse_filename(filename, true) AS VARCHAR)) AS subject, Parameter AS name,
      Value AS value FROM records WHERE Time = '00:00' AND Parameter IN ('Age', 'Gender', 'Height', 'ICUType', 'RecordID')),
    people AS (SELECT subject, any_value(value) FILTER (name = 'Age') AS age, any_value(value) FILTER (name = 'Gender') AS sex,
      any_value(value) FILTER (name = 'Height') AS height, any_value(value) FILTER (name = 'ICUType') AS unit
      FROM named GROUP BY subject)
  SELECT p.subject, p.subject AS stay, 0 AS ordinal, 0::BIGINT AS start, NULL::BIGINT AS stop, 0::BIGINT AS earliest,
    NULL::BIGINT AS latest, nullif(TRY_CAST(p.age AS DOUBLE), -1) AS age,
    CASE TRY_CAST(p.sex AS DOUBLE) WHEN 0 THEN 'F' WHEN 1 THEN 'M' END AS sex,
    nullif(TRY_CAST(p.height AS DOUBLE), -1) AS height_cm,
    CASE TRY_CAST(p.unit AS DOUBLE) WHEN 1 THEN 'coronary' WHEN 2 THEN 'cardiac surgery' WHEN 3 THEN 'medical'
      WHEN 4 THEN 'surgical' END AS unit,
    CASE o."In-hospital_death" WHEN 1 THEN 'true' WHEN 0 THEN 'false' END AS died,
    nullif(o.Length_of_stay, -1) AS length_of_stay_days, nullif(o."SAPS-I", -1) AS saps1_score, nullif(o.SOFA, -1) AS sofa_score
  FROM people p LEFT JOIN outcomes o ON o.RecordID = p.subject)sql";

constexpr EventSource kEvents[] = {
    {"records", EventSource::Owner::stay,
     "SELECT coalesce(RecordID, CAST(parse_filename(filename, true) AS VARCHAR)) AS stay, "
     "60 * TRY_CAST(split_part(Time, ':', 1) AS BIGINT) + TRY_CAST(split_part(Time, ':', 2) AS BIGINT) AS at, "
     "Parameter AS item, TRY_CAST(Value AS DOUBLE) AS number, Value AS text, NULL::VARCHAR AS unit FROM records "
     "WHERE NOT (Time = '00:00' AND coalesce(TRY_CAST(Value AS DOUBLE), 0) = -1)"},
};

constexpr std::string_view kCarries =
    "age:BIGINT sex height_cm:DOUBLE unit died:BOOLEAN length_of_stay_days:DOUBLE saps1_score:BIGINT sofa_score:BIGINT";

constexpr OutputFile kOutput[] = {
    {"records.csv.gz",
     "SELECT key AS RecordID, printf('%02d:%02d', minute // 60, minute % 60) AS Time, item AS Parameter, number AS Value FROM ("
     "SELECT key, 0 AS minute, 'Age' AS item, CAST(age AS DOUBLE) AS number, 0 AS place FROM people UNION ALL "
     "SELECT key, 0, 'Gender', CASE sex WHEN 'F' THEN 0 WHEN 'M' THEN 1 END, 1 FROM people UNION ALL "
     "SELECT key, 0, 'Height', height_cm, 2 FROM people UNION ALL "
     "SELECT key, 0, 'ICUType', CASE unit WHEN 'coronary' THEN 1 WHEN 'cardiac surgery' THEN 2 WHEN 'medical' THEN 3 "
     "WHEN 'surgical' THEN 4 END, 3 FROM people UNION ALL "
     "SELECT key, minute, item, number, 4 FROM measurements) ORDER BY key, minute, place"},
    {"outcomes.csv.gz",
     "SELECT key AS RecordID, coalesce(saps1_score, -1) AS \"SAPS-I\", coalesce(sofa_score, -1) AS SOFA, "
     "coalesce(length_of_stay_days, -1) AS Length_of_stay, -1 AS Survival, CAST(died AS INTEGER) AS \"In-hospital_death\" "
     "FROM people ORDER BY key"},
};

}  // namespace

const Layout kPhysionet2012 = {
    .name = "physionet-2012",
    .summary = "PhysioNet Challenge 2012: a folder of text files, or one table of a set",
    .mark = "*.txt|records&../Outcomes-?|Outcomes-?|outcomes",
    .tables = kTables,
    .stays = kStays,
    .events = kEvents,
    .carries = kCarries,
    .output = kOutput,
    .has_visits = false,
};

}  // namespace understudy
