#include "cohort/clinical/layouts/physionet_2012.h"

namespace understudy {
namespace {

constexpr TableFile kTables[] = {
    {"records", "*.txt", "RecordID? Time Parameter Value filename?"},
    {"outcomes", "../Outcomes-?|Outcomes-?",
     "RecordID Length_of_stay:BIGINT Survival:BIGINT In-hospital_death:BIGINT SAPS-I:DOUBLE SOFA:DOUBLE", false},
};

constexpr std::string_view kStays = R"sql(
  WITH named AS (SELECT coalesce(RecordID, CAST(parse_filename(filename, true) AS VARCHAR)) AS subject, Parameter AS name,
      Value AS value FROM records WHERE Time = '00:00' AND Parameter IN ('Age', 'Gender', 'Height', 'ICUType', 'RecordID')),
    people AS (SELECT subject, any_value(value) FILTER (name = 'Age') AS age, any_value(value) FILTER (name = 'Gender') AS sex,
      any_value(value) FILTER (name = 'Height') AS height, any_value(value) FILTER (name = 'ICUType') AS unit
      FROM named GROUP BY subject)
  SELECT p.subject, p.subject AS stay, 0 AS ordinal, 0::BIGINT AS start, NULL::BIGINT AS stop, 0::BIGINT AS earliest,
    NULL::BIGINT AS latest, nullif(p.age, '-1') AS age, CASE p.sex WHEN '0' THEN 'F' WHEN '1' THEN 'M' END AS sex,
    nullif(nullif(p.height, '-1'), '-1.0') AS height_cm,
    CASE p.unit WHEN '1' THEN 'coronary' WHEN '2' THEN 'cardiac surgery' WHEN '3' THEN 'medical' WHEN '4' THEN 'surgical' END
      AS unit,
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

}  // namespace

const Layout kPhysionet2012 = {
    "physionet-2012", "PhysioNet Challenge 2012: a folder of text files, or one table of a set", "*.txt&../Outcomes-?",
    kTables, kStays, kEvents,
};

}  // namespace understudy
