#include <algorithm>

#include "cohort/clinical/testing_folders.h"

namespace understudy {
namespace {

constexpr const char* kEventHeader = "subject_id,charttime,itemid,value,valuenum,valueuom\n";

Files folder_files() {
  return {
      {"hosp/patients.csv",
       "subject_id,gender,anchor_age,anchor_year,dod\n10,F,60,2098,\n11,M,70,2100,2100-01-03\n12,F,50,2100,\n"},
      {"hosp/admissions.csv",
       "subject_id,hadm_id,admittime,dischtime,deathtime,admission_type,insurance,marital_status,race,"
       "hospital_expire_flag\n"
       "10,100,2099-12-31 12:00:00,2100-01-05 00:00:00,,URGENT,Other,SINGLE,WHITE,0\n"
       "10,101,2100-03-01 00:00:00,2100-03-05 00:00:00,,URGENT,Other,SINGLE,WHITE,0\n"
       "11,102,2100-01-01 00:00:00,2100-01-03 08:00:00,2100-01-03 08:00:00,EW EMER.,,,,1\n"},
      {"icu/icustays.csv",
       "subject_id,hadm_id,stay_id,first_careunit,intime,outtime\n"
       "10,101,1001,MICU,2100-03-01 00:00:00,2100-03-02 00:00:00\n"
       "10,100,1000,SICU,2100-01-01 00:00:00,2100-01-02 00:00:00\n"
       "11,102,1002,MICU,2100-01-01 00:00:00,2100-01-03 08:00:00\n"},
      {"icu/chartevents.csv", std::string(kEventHeader) +
                                  "10,2100-01-01 00:10:00,220045,80,80,bpm\n"
                                  "10,2100-01-01 00:50:00,220045,90,90,bpm\n"
                                  "10,2100-01-01 02:00:00,223761,98.6,98.6,°F\n"
                                  "10,2100-01-01 02:30:00,223762,38,38,°C\n"
                                  "10,2099-12-31 13:00:00,220045,70,70,bpm\n"
                                  "10,2100-03-01 01:00:00,220045,60,60,bpm\n"
                                  "10,2100-01-01 03:00:00,999999,1,1,\n"
                                  "12,2100-01-01 03:00:00,220045,99,99,bpm\n"},
      {"hosp/labevents.csv", std::string(kEventHeader) +
                                 "11,2100-01-01 05:00:00,50931,108,108,mg/dL\n"
                                 "11,2100-01-01 05:00:00,50809,6,6,mmol/L\n"},
      {"icu/outputevents.csv",
       "subject_id,charttime,itemid,value,valueuom\n"
       "11,2100-01-02 00:00:00,226559,100,mL\n11,2100-01-02 00:30:00,226560,50,ml\n"},
  };
}

ClinicalRead read_files(const Files& files, const ReadOptions& options = {}, const Schema& schema = ward_schema()) {
  return read_clinical("mimic-iv", {.path = clinical_folder("mimic-iv", files), .rename = {}}, schema, options);
}

std::string refusal(const Files& files) {
  return refusal_of("mimic-iv", {.path = clinical_folder("mimic-iv", files), .rename = {}}, ward_schema());
}

Files with_events(const std::string& file, const std::string& rows) {
  Files files = folder_files();
  files[file] += rows;
  return files;
}

TEST(MimicIv, ReadsTheFirstStayOfEachPerson) {
  const ClinicalRead got = read_files(folder_files());
  EXPECT_EQ(shown(got.cohort), (Texts{"10 age=62 sex=F died=false | 0 heart_rate=85 | 2 body_temperature=37.5",
                                      "11 age=70 sex=M died=true | 5 glucose=108 | 24 urine_output=150"}));
  EXPECT_TRUE(got.report.problems.empty());
  EXPECT_EQ(left_out_of(got.report), (Texts{"further stays of a person x 1", "of no stay that counts x 1", "of no variable of the schema x 1",
                                            "outside the window of the stay x 2"}));
  EXPECT_EQ(got.report.rows, 12);
}

TEST(MimicIv, StaysWithoutAPersonOrAStartAreCounted) {
  Files files = folder_files();
  files["icu/icustays.csv"] += "12,,1003,MICU,,2100-01-02 00:00:00\n,103,1004,MICU,2100-01-01 00:00:00,2100-01-02 00:00:00\n";
  const ClinicalRead got = read_files(files);
  EXPECT_EQ(got.cohort.size(), 2);
  const Texts left_out = left_out_of(got.report);
  EXPECT_EQ(std::count(left_out.begin(), left_out.end(), "stays without a person or a start x 2"), 1);
}

TEST(MimicIv, TheWindowCanBeginBeforeTheStay) {
  const ClinicalRead got = read_files(folder_files(), {}, ward_schema("h", "time_minimum = -12\ntime_maximum = 0"));
  EXPECT_EQ(shown(got.cohort)[0], "10 age=62 sex=F died=false | -11 heart_rate=70 | 0 heart_rate=85");
}

// Person 12 comes without intensive care.
Files files_of_visits() {
  Files files = folder_files();
  files["hosp/admissions.csv"] += "12,103,2100-01-01 00:00:00,2100-01-01 06:00:00,,URGENT,,,,0\n";
  files["hosp/diagnoses_icd.csv"] =
      "subject_id,hadm_id,seq_num,icd_code,icd_version\n"
      "10,101,1,4280,9\n10,100,2,25000,9\n10,100,1,42821,9\n12,103,1,V5861,9\n99,999,1,4280,9\n";
  return files;
}

TEST(MimicIv, VisitsAreAdmissionsToTheHospital) {
  const ClinicalRead got = read_files(files_of_visits(), {}, visit_schema());
  EXPECT_EQ(shown(got.cohort),
            (Texts{"10 age=61 | 0 length_of_stay_hours=108 died=false heart_rate=80 icd9:428 icd9:250"
                   " | 1 days_since_previous=55 length_of_stay_hours=96 died=false heart_rate=60 icd9:428",
                   "11 age=70 | 0 length_of_stay_hours=56 died=true",
                   "12 age=50 | 0 length_of_stay_hours=6 died=false heart_rate=99"}));
  EXPECT_EQ(left_out_of(got.report),
            (Texts{"codes of no category of 'diagnoses' x 1", "codes of no stay that counts x 1", "of no variable of the schema x 3"}));
}

TEST(MimicIv, TheFirstVisitsCount) {
  const ClinicalRead got = read_files(files_of_visits(), {}, visit_schema("time_maximum = 0\n"));
  EXPECT_EQ(got.cohort.offsets, (std::vector<std::int64_t>{0, 1, 2, 3}));
  const Texts left_out = left_out_of(got.report);
  EXPECT_EQ(std::count(left_out.begin(), left_out.end(), "visits beyond the last that counts x 1"), 1);
}

TEST(MimicIv, StaticColumnsOfVisitsAreOfAll) {
  Schema schema = visit_schema();
  schema.columns.back().is_static = true;
  schema.columns[4].is_static = true;
  const Cohort cohort = read_files(files_of_visits(), {}, schema).cohort;
  EXPECT_EQ(cohort.statics.column("heart_rate").number(0), 75);  // 60, 70, 80, 90
  EXPECT_EQ(cohort.statics.column("diagnoses").codes(0).size(), 2);
}

TEST(MimicIv, ProblemsNameTheVisit) {
  Files files = files_of_visits();
  files["icu/chartevents.csv"] += "10,2100-03-01 01:00:00,220045,900,900,bpm\n10,2100-03-01 01:00:00,220045,60,60,bpm\n";
  const ClinicalRead got = read_files(files, lenient(), visit_schema());
  ASSERT_EQ(problems_of(got.report), (Texts{"heart_rate: outside [20, 250] x 1", "series columns: a repeated measurement x 1"}));
  EXPECT_EQ(got.report.problems[0].places, (Texts{"person 10, visit 1, minute 60: '900'"}));
  EXPECT_EQ(got.report.problems[1].places, (Texts{"person 10, visit 1, minute 60: '60'"}));
}

TEST(MimicIv, RefusesWhatIsWrongAndCountsItOnRequest) {
  const Files late = with_events("icu/chartevents.csv", "11,2100-01-03 09:00:00,220045,80,80,bpm\n");
  expect_parts(refusal(late), {"chartevents.csv", "heart_rate", "after the death", "person 11, minute 3420"});
  const Files unit = with_events("hosp/labevents.csv", "10,2100-01-01 05:00:00,50931,108,108,stones\n");
  expect_parts(refusal(unit), {"labevents.csv", "glucose", "50931", "108 stones"});
  const Files text = with_events("hosp/labevents.csv", "10,2100-01-01 05:00:00,50931,high,high,mg/dL\n");
  expect_parts(refusal(text), {"labevents.csv", "not a number", "'high'", "bad_cells = missing"});
  const Files range = with_events("icu/chartevents.csv", "10,2100-01-01 05:00:00,220045,900,900,bpm\n");
  expect_parts(refusal(range), {"outside [20, 250]", "'900'"});
  const Files time = with_events("icu/chartevents.csv", "10,,220045,80,80,bpm\n");
  expect_parts(refusal(time), {"without a time"});
  const ClinicalRead got = read_files(late, lenient());
  EXPECT_EQ(problems_of(got.report), (Texts{"heart_rate: after the death x 1"}));
  EXPECT_EQ(got.report.problems[0].places, (Texts{"person 11, minute 3420"}));
  EXPECT_TRUE(got.cohort == read_files(folder_files()).cohort);
}

TEST(MimicIv, NamesTheTableOrColumnThatIsNotThere) {
  Files files = folder_files();
  files.erase("hosp/labevents.csv");
  expect_parts(refusal(files), {"labevents", "mimic-iv"});
  files = folder_files();
  files["icu/icustays.csv"] = "subject_id,hadm_id,stay_id,first_careunit,intime\n";
  expect_parts(refusal(files), {"icustays.csv", "'outtime'", "'first_careunit'"});
  files = folder_files();
  files["icu/icustays.csv"] = "subject_id,hadm_id,stay_id,first_careunit,intime,outtime\n";
  expect_parts(refusal(files), {"no stay with a person and a start"});
}

TEST(MimicIv, StaticColumnsMayBeMeasured) {
  Schema schema = parse_schema(
      "[schema]\nsubject=\"person\"\n[[column]]\nname=\"heart_rate\"\ntype=\"real\"\naggregate=\"max\"\n"
      "range=\"catalogue:heart_rate\"\n[[column]]\nname=\"admission_type\"\ntype=\"text\"\n",
      "s.toml");
  const Cohort cohort = read_files(folder_files(), {}, schema).cohort;
  EXPECT_EQ(cohort.statics.column("heart_rate").number(0), 90);
  EXPECT_FALSE(cohort.statics.column("heart_rate").is_valid(1));
  EXPECT_EQ(cohort.statics.column("admission_type").string(1), "EW EMER.");
}

TEST(MimicIv, StaticColumnsAreOfTheWholeWindow) {
  const auto first_rate = [](const std::string& window) {
    Schema schema = ward_schema("h", window);
    schema.columns[3].is_static = true;
    schema.columns[3].aggregate = Aggregate::first;
    return read_files(folder_files(), {}, schema).cohort.statics.column("heart_rate").number(0);
  };
  EXPECT_EQ(first_rate("time_minimum = 0"), 80);
  EXPECT_EQ(first_rate("time_minimum = -12\ntime_maximum = 5"), 70);
}

}  // namespace
}  // namespace understudy
