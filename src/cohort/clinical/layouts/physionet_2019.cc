#include "cohort/clinical/layouts/physionet_2019.h"

namespace understudy {
namespace {

constexpr TableFile kTables[] = {
    {"records", "*.psv",
     "filename HR O2Sat Temp SBP MAP DBP Resp EtCO2 BaseExcess HCO3 FiO2 pH PaCO2 SaO2 AST BUN Alkalinephos Calcium "
     "Chloride Creatinine Bilirubin_direct Glucose Lactate Magnesium Phosphate Potassium Bilirubin_total TroponinI Hct "
     "Hgb PTT WBC Fibrinogen Platelets Age Gender Unit1 Unit2 HospAdmTime ICULOS:BIGINT SepsisLabel"},
};

constexpr std::string_view kStays = R"sql(
  WITH people AS (SELECT CAST(parse_filename(filename, true) AS VARCHAR) AS subject, max(ICULOS) AS hours,
      max(TRY_CAST(nullif(Age, 'NaN') AS DOUBLE)) AS age, max(TRY_CAST(Gender AS DOUBLE)) AS sex,
      min(TRY_CAST(nullif(HospAdmTime, 'NaN') AS DOUBLE)) AS admitted, max(TRY_CAST(SepsisLabel AS DOUBLE)) AS sepsis,
      bool_or(TRY_CAST(Unit1 AS DOUBLE) = 1) AS medical, bool_or(TRY_CAST(Unit2 AS DOUBLE) = 1) AS surgical
      FROM records GROUP BY filename)
  SELECT subject, subject AS stay, 0 AS ordinal, 0::BIGINT AS start, 60 * hours - 1 AS stop, 0::BIGINT AS earliest,
    NULL::BIGINT AS latest, CAST(floor(age) AS BIGINT) AS age, CASE sex WHEN 0 THEN 'F' WHEN 1 THEN 'M' END AS sex,
    CASE WHEN medical THEN 'medical' WHEN surgical THEN 'surgical' END AS unit,
    -admitted AS hospital_hours_before, CASE sepsis WHEN 1 THEN 'true' WHEN 0 THEN 'false' END AS sepsis,
    NULL::VARCHAR AS died, hours AS length_of_stay_hours
  FROM people)sql";

constexpr EventSource kEvents[] = {
    {"records", EventSource::Owner::stay,
     "SELECT CAST(parse_filename(filename, true) AS VARCHAR) AS stay, 60 * (ICULOS - 1) AS at, item, "
     "TRY_CAST(value AS DOUBLE) AS number, value AS text, NULL::VARCHAR AS unit FROM records "
     "UNPIVOT (value FOR item IN (HR, O2Sat, Temp, SBP, MAP, DBP, Resp, EtCO2, BaseExcess, HCO3, FiO2, pH, PaCO2, "
     "SaO2, AST, BUN, Alkalinephos, Calcium, Chloride, Creatinine, Bilirubin_direct, Glucose, Lactate, Magnesium, "
     "Phosphate, Potassium, Bilirubin_total, TroponinI, Hct, Hgb, PTT, WBC, Fibrinogen, Platelets)) "
     "WHERE value <> 'NaN'"},
};

constexpr std::string_view kCarries =
    "age:BIGINT sex unit sepsis:BOOLEAN hospital_hours_before:DOUBLE length_of_stay_hours:DOUBLE";

constexpr OutputFile kOutput[] = {
    {"{key}.psv", R"sql(
      WITH hours AS (SELECT key, unnest(range(0, CAST(minutes // 60 AS BIGINT) + 1)) AS hour FROM people),
        wide AS (SELECT key, minute // 60 AS hour,
          max(number) FILTER (item = 'HR') AS HR, max(number) FILTER (item = 'O2Sat') AS O2Sat, max(number) FILTER
          (item = 'Temp') AS Temp, max(number) FILTER (item = 'SBP') AS SBP, max(number) FILTER (item = 'MAP') AS
          MAP, max(number) FILTER (item = 'DBP') AS DBP, max(number) FILTER (item = 'Resp') AS Resp, max(number)
          FILTER (item = 'EtCO2') AS EtCO2, max(number) FILTER (item = 'BaseExcess') AS BaseExcess, max(number)
          FILTER (item = 'HCO3') AS HCO3, max(number) FILTER (item = 'FiO2') AS FiO2, max(number) FILTER (item =
          'pH') AS pH, max(number) FILTER (item = 'PaCO2') AS PaCO2, max(number) FILTER (item = 'SaO2') AS SaO2,
          max(number) FILTER (item = 'AST') AS AST, max(number) FILTER (item = 'BUN') AS BUN, max(number) FILTER
          (item = 'Alkalinephos') AS Alkalinephos, max(number) FILTER (item = 'Calcium') AS Calcium, max(number)
          FILTER (item = 'Chloride') AS Chloride, max(number) FILTER (item = 'Creatinine') AS Creatinine,
          max(number) FILTER (item = 'Bilirubin_direct') AS Bilirubin_direct, max(number) FILTER (item = 'Glucose')
          AS Glucose, max(number) FILTER (item = 'Lactate') AS Lactate, max(number) FILTER (item = 'Magnesium') AS
          Magnesium, max(number) FILTER (item = 'Phosphate') AS Phosphate, max(number) FILTER (item = 'Potassium')
          AS Potassium, max(number) FILTER (item = 'Bilirubin_total') AS Bilirubin_total, max(number) FILTER (item =
          'TroponinI') AS TroponinI, max(number) FILTER (item = 'Hct') AS Hct, max(number) FILTER (item = 'Hgb') AS
          Hgb, max(number) FILTER (item = 'PTT') AS PTT, max(number) FILTER (item = 'WBC') AS WBC, max(number)
          FILTER (item = 'Fibrinogen') AS Fibrinogen, max(number) FILTER (item = 'Platelets') AS Platelets
          FROM measurements GROUP BY key, minute // 60)
      SELECT h.key, w.* EXCLUDE (key, hour), p.age AS Age, CASE p.sex WHEN 'F' THEN 0 WHEN 'M' THEN 1 END AS Gender,
        CASE p.unit WHEN 'medical' THEN 1 WHEN 'surgical' THEN 0 END AS Unit1,
        CASE p.unit WHEN 'medical' THEN 0 WHEN 'surgical' THEN 1 END AS Unit2,
        -p.hospital_hours_before AS HospAdmTime, h.hour + 1 AS ICULOS, CAST(coalesce(p.sepsis, false) AS INTEGER) AS SepsisLabel
      FROM hours h JOIN people p ON p.key = h.key LEFT JOIN wide w ON w.key = h.key AND w.hour = h.hour
      ORDER BY h.key, h.hour)sql"},
};

}  // namespace

const Layout kPhysionet2019 = {
    .name = "physionet-2019",
    .summary = "PhysioNet Challenge 2019: a folder of .psv files, one for each person",
    .mark = "*.psv",
    .tables = kTables,
    .stays = kStays,
    .events = kEvents,
    .carries = kCarries,
    .output = kOutput,
    .has_visits = false,
};

}  // namespace understudy
