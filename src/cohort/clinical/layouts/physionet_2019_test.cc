#include "cohort/clinical/testing_folders.h"

namespace understudy {
namespace {

constexpr const char* kHeader =
    "HR|O2Sat|Temp|SBP|MAP|DBP|Resp|EtCO2|BaseExcess|HCO3|FiO2|pH|PaCO2|SaO2|AST|BUN|Alkalinephos|Calcium|Chloride|"
    "Creatinine|Bilirubin_direct|Glucose|Lactate|Magnesium|Phosphate|Potassium|Bilirubin_total|TroponinI|Hct|Hgb|PTT|"
    "WBC|Fibrinogen|Platelets|Age|Gender|Unit1|Unit2|HospAdmTime|ICULOS|SepsisLabel\n";

std::string nothing(int columns) {
  std::string text;
  for (int c = 0; c < columns; ++c) text += "NaN|";
  return text;
}

// One hour: pulse, temperature, glucose, inspired oxygen, magnesium; then who it is.
std::string hour(const std::string& pulse, const std::string& temperature, const std::string& fio2,
                 const std::string& glucose, const std::string& magnesium, const std::string& rest) {
  return pulse + "|NaN|" + temperature + "|" + nothing(7) + fio2 + "|" + nothing(10) + glucose + "|NaN|" + magnesium +
         "|" + nothing(10) + rest + "\n";
}

Files folder_files() {
  return {{"p000002.psv", kHeader + hour("80", "NaN", "0.5", "NaN", "NaN", "83.14|0|NaN|NaN|-0.03|1|0") +
                              hour("NaN", "NaN", "NaN", "NaN", "NaN", "83.14|0|NaN|NaN|-0.03|2|0") +
                              hour("90", "37.5", "NaN", "108", "1", "83.14|0|NaN|NaN|-0.03|3|1")},
          {"p000010.psv", kHeader + hour("NaN", "NaN", "NaN", "100", "NaN", "61|1|0|1|-24.5|5|0")}};
}

Schema sepsis_schema() {
  Schema schema = ward_schema();
  schema.columns.push_back(test_column("inspired_oxygen_percent", ColumnType::real));
  schema.columns.push_back(test_column("magnesium", ColumnType::real));
  for (const char* name : {"hospital_hours_before", "length_of_stay_hours"}) {
    schema.columns.push_back(test_column(name, ColumnType::real));
    schema.columns.back().is_static = true;
  }
  schema.columns.push_back(test_column("sepsis", ColumnType::boolean));
  schema.columns.back().is_static = true;
  schema.columns.back().categories = {"false", "true"};
  return schema;
}

ClinicalRead read_files(const Files& files, const ReadOptions& options = {}) {
  const Source source = {.path = clinical_folder("physionet-2019", files), .rename = {}};
  return read_clinical("physionet-2019", source, sepsis_schema(), options);
}

std::string refusal(const Files& files) {
  return refusal_of("physionet-2019", {.path = clinical_folder("physionet-2019", files), .rename = {}}, ward_schema());
}

TEST(Physionet2019, ReadsAFolderOfHours) {
  const ClinicalRead got = read_files(folder_files());
  EXPECT_EQ(shown(got.cohort),
            (Texts{"p000002 age=83 sex=F hospital_hours_before=0.03 length_of_stay_hours=3 sepsis=true | "
                   "0 heart_rate=80 inspired_oxygen_percent=50 | 2 heart_rate=90 body_temperature=37.5 glucose=108 "
                   "magnesium=2.4305",
                   "p000010 age=61 sex=M hospital_hours_before=24.5 length_of_stay_hours=5 sepsis=false | "
                   "4 glucose=100"}));
  EXPECT_TRUE(got.report.problems.empty());
}

TEST(Physionet2019, RefusesBadRows) {
  Files files = folder_files();
  files["p000002.psv"] += hour("fast", "NaN", "NaN", "NaN", "NaN", "83.14|0|NaN|NaN|-0.03|4|1");
  expect_parts(refusal(files), {"not a number", "'fast'", "person p000002, minute 180"});
  files = folder_files();
  files["p000002.psv"] += hour("80", "NaN", "NaN", "NaN", "NaN", "83.14|0|NaN|NaN|-0.03|0|1");
  expect_parts(refusal(files), {"before the admission", "person p000002, minute -60"});
  files = folder_files();
  files["p000002.psv"] += hour("80", "NaN", "NaN", "NaN", "NaN", "83.14|0|NaN|NaN|-0.03|now|1");
  expect_parts(refusal(files), {"without a time", "person p000002"});
  files = folder_files();
  files["p000003.psv"] = "HR|Age\n80|50\n";
  expect_parts(refusal(files), {"p000003.psv", "another header"});
}

TEST(Physionet2019, AThousandFiles) {
  Files files;
  for (int p = 0; p < 1000; ++p) {
    files[fmt::format("p{:06}.psv", p)] = kHeader + hour("80", "NaN", "NaN", "NaN", "NaN", "50|0|NaN|NaN|-1|1|0");
  }
  const Cohort cohort = read_files(files).cohort;
  EXPECT_EQ(cohort.size(), 1000);
  EXPECT_EQ(cohort.series.rows(), 1000);
}

}  // namespace
}  // namespace understudy
