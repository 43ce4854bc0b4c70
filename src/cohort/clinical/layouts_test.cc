// What every layout does, on folders that hold the same people in each format.
#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "cohort/clinical/testing_folders.h"

namespace understudy {
namespace {

// Each person has one measurement a step from the start of the stay on; `first` stands for the very first value.
struct Ward {
  std::vector<int> people = {1, 2, 3};
  int events = 5;
  std::string first = {};

  std::string value(int person, int event) const {
    const bool chosen = person == people.front() && event == 0 && !first.empty();
    return chosen ? first : std::to_string(60 + (7 * event + person) % 40);
  }
  // A line of text for each event of each person.
  template <class Line>
  std::string lines(const std::string& header, const Line& line) const {
    std::string text = header + "\n";
    for (const int person : people) {
      for (int event = 0; event < events; ++event) text += line(person, event) + "\n";
    }
    return text;
  }
  template <class Line>
  std::string one_each(const std::string& header, const Line& line) const {
    std::string text = header + "\n";
    for (const int person : people) text += line(person) + "\n";
    return text;
  }
};

Files mimic_iv(const Ward& ward) {
  const std::string end = stamp(ward.events + 60);
  const auto chart = [&](int p, int e) {
    return fmt::format("{0},{1},220045,{2},{2},bpm", p, stamp(e), ward.value(p, e));
  };
  return {{"hosp/patients.csv", ward.one_each("subject_id,gender,anchor_age,anchor_year,dod",
                                              [](int p) { return fmt::format("{},F,50,2100,", p); })},
          {"hosp/admissions.csv",
           ward.one_each("subject_id,hadm_id,admittime,dischtime,deathtime,admission_type,hospital_expire_flag",
                         [&](int p) { return fmt::format("{0},{0},{1},{2},,X,0", p, stamp(0), end); })},
          {"icu/icustays.csv", ward.one_each("subject_id,hadm_id,stay_id,first_careunit,intime,outtime", [&](int p) {
             return fmt::format("{0},{0},{0},MICU,{1},{2}", p, stamp(0), end);
           })},
          {"icu/chartevents.csv", ward.lines("subject_id,charttime,itemid,value,valuenum,valueuom", chart)},
          {"hosp/labevents.csv", "subject_id,charttime,itemid,value,valuenum,valueuom\n"}};
}

Files mimic_iii(const Ward& ward) {
  const std::string end = stamp(ward.events + 60);
  const auto chart = [&](int p, int e) {
    return fmt::format("{0},{1},211,{2},{2},BPM", p, stamp(e), ward.value(p, e));
  };
  return {{"PATIENTS.csv", ward.one_each("subject_id,gender,dob,dod",
                                         [](int p) { return fmt::format("{},F,2050-01-01 00:00:00,", p); })},
          {"ADMISSIONS.csv",
           ward.one_each("subject_id,hadm_id,admittime,dischtime,deathtime,admission_type,insurance,marital_status,ethnicity,"
                         "hospital_expire_flag",
                         [&](int p) { return fmt::format("{0},{0},{1},{2},,X,X,X,X,0", p, stamp(0), end); })},
          {"ICUSTAYS.csv", ward.one_each("subject_id,hadm_id,icustay_id,first_careunit,intime,outtime", [&](int p) {
             return fmt::format("{0},{0},{0},MICU,{1},{2}", p, stamp(0), end);
           })},
          {"CHARTEVENTS.csv", ward.lines("subject_id,charttime,itemid,value,valuenum,valueuom", chart)},
          {"LABEVENTS.csv", "subject_id,charttime,itemid,value,valuenum,valueuom\n"}};
}

Files eicu(const Ward& ward) {
  return {{"patient.csv",
           ward.one_each("patientunitstayid,patienthealthsystemstayid,uniquepid,gender,age,ethnicity,apacheadmissiondx,"
                         "hospitalid,admissionheight,hospitaladmitoffset,hospitaldischargeyear,hospitaldischargeoffset,"
                         "hospitaldischargestatus,unittype,unitadmitsource,unitvisitnumber,admissionweight,"
                         "unitdischargeoffset",
                         [&](int p) {
                           return fmt::format("{0},{0},u{0},Female,50,X,X,1,,0,2014,{1},Alive,X,X,1,,{1}", p,
                                              ward.events + 60);
                         })},
          {"vitalAperiodic.csv",
           "patientunitstayid,observationoffset,noninvasivesystolic,noninvasivediastolic,noninvasivemean\n"},
          {"vitalPeriodic.csv",
           ward.lines("patientunitstayid,observationoffset,temperature,sao2,heartrate,respiration,cvp,systemicsystolic,"
                      "systemicdiastolic,systemicmean",
                      [&](int p, int e) { return fmt::format("{},{},,,{},,,,,", p, e, ward.value(p, e)); })}};
}

Files physionet_2012(const Ward& ward) {
  Files files = {{"Outcomes-a.txt", ward.one_each("RecordID,SAPS-I,SOFA,Length_of_stay,Survival,In-hospital_death",
                                                  [](int p) { return fmt::format("{},6,1,5,-1,0", p); })}};
  for (const int p : ward.people) {
    std::string text = fmt::format("Time,Parameter,Value\n00:00,RecordID,{}\n00:00,Age,50\n00:00,Gender,0\n", p);
    for (int e = 0; e < ward.events; ++e) text += fmt::format("{:02}:{:02},HR,{}\n", e / 60, e % 60, ward.value(p, e));
    files[fmt::format("set-a/{}.txt", p)] = text;
  }
  return files;
}

Files physionet_2019(const Ward& ward) {
  const std::string header =
      "HR|O2Sat|Temp|SBP|MAP|DBP|Resp|EtCO2|BaseExcess|HCO3|FiO2|pH|PaCO2|SaO2|AST|BUN|Alkalinephos|Calcium|Chloride|"
      "Creatinine|Bilirubin_direct|Glucose|Lactate|Magnesium|Phosphate|Potassium|Bilirubin_total|TroponinI|Hct|Hgb|PTT|"
      "WBC|Fibrinogen|Platelets|Age|Gender|Unit1|Unit2|HospAdmTime|ICULOS|SepsisLabel";
  std::string nothing;
  for (int c = 0; c < 33; ++c) nothing += "|NaN";
  Files files;
  for (const int p : ward.people) {
    std::string text = header + "\n";
    for (int e = 0; e < ward.events; ++e) {
      text += fmt::format("{}{}|50|0|1|0|-1|{}|0\n", ward.value(p, e), nothing, e + 1);
    }
    files[fmt::format("p{:06}.psv", p)] = text;
  }
  return files;
}

Files omop(const Ward& ward) {
  return {{"person.csv", ward.one_each("person_id,gender_concept_id,year_of_birth",
                                       [](int p) { return fmt::format("{},8532,2050", p); })},
          {"visit_occurrence.csv",
           ward.one_each("visit_occurrence_id,person_id,visit_start_datetime,visit_end_datetime",
                         [&](int p) { return fmt::format("{0},{0},{1},{2}", p, stamp(0), stamp(ward.events + 60)); })},
          {"measurement.csv",
           ward.lines("person_id,measurement_concept_id,measurement_datetime,value_as_number", [&](int p, int e) {
             return fmt::format("{},3027018,{},{}", p, stamp(e), ward.value(p, e));
           })}};
}

Files meds(const Ward& ward) {
  return {{"data/0.parquet", ward.lines("subject_id,time,code,numeric_value,text_value", [&](int p, int e) {
             return fmt::format("{},{},LAB//220045//bpm,{},", p, stamp(e), ward.value(p, e));
           })}};
}

Files fitbit(const Ward& ward) {
  const std::string days =
      "Id,ActivityDate,TotalSteps,TotalDistance,TrackerDistance,LoggedActivitiesDistance,VeryActiveDistance,"
      "ModeratelyActiveDistance,LightActiveDistance,SedentaryActiveDistance,VeryActiveMinutes,FairlyActiveMinutes,"
      "LightlyActiveMinutes,SedentaryMinutes,Calories";
  std::string activity = days + "\n";
  for (const int p : ward.people) {
    for (const int minute : {0, ward.events}) {
      const Day day = day_after_2100(minute);
      if (minute > 0 && minute < 1440) continue;
      activity += fmt::format("{},{}/{}/{},1,1,1,0,0,0,0,0,0,0,0,0,1\n", p, day.month, day.day, day.year);
    }
  }
  return {{"dailyActivity_merged.csv", activity},
          {"minuteStepsNarrow_merged.csv", ward.lines("Id,ActivityMinute,Steps", [&](int p, int e) {
             return fmt::format("{},{},{}", p, us_stamp(e), ward.value(p, e));
           })}};
}

Files long_table(const Ward& ward) {
  return {{"t.csv", ward.lines("subject,time,variable,value", [&](int p, int e) {
             return fmt::format("{},{},heart_rate,{}", p, stamp(e), ward.value(p, e));
           })}};
}

struct Format {
  std::string name;
  Files (*make)(const Ward& ward);
  std::string events;  // the file with the measurements of the first person
  std::string header;  // a column that it must have
  std::string path = {};  // in the folder
  std::string column = "heart_rate";
  std::string step = "min";
  friend void PrintTo(const Format& format, std::ostream* out) { *out << format.name; }
};

const Format kFormats[] = {
    {"mimic-iv", mimic_iv, "icu/chartevents.csv", "valuenum"},
    {"mimic-iii", mimic_iii, "CHARTEVENTS.csv", "valuenum"},
    {"eicu", eicu, "vitalPeriodic.csv", "heartrate"},
    {"physionet-2012", physionet_2012, "set-a/1.txt", "Value", "/set-a"},
    {"physionet-2019", physionet_2019, "p000001.psv", "HR", "", "heart_rate", "h"},
    {"omop", omop, "measurement.csv", "value_as_number"},
    {"meds", meds, "data/0.parquet", "numeric_value"},
    {"fitbit", fitbit, "minuteStepsNarrow_merged.csv", "Steps", "", "minuteSteps.Steps"},
    {"long", long_table, "t.csv", "value", "/t.csv"},
};

std::string reversed(const std::string& csv) {
  std::istringstream in(csv);
  std::string header, line;
  std::getline(in, header);
  std::vector<std::string> lines;
  while (std::getline(in, line)) lines.push_back(line);
  std::reverse(lines.begin(), lines.end());
  return fmt::format("{}\n{}\n", header, fmt::join(lines, "\n"));
}

class Layouts : public testing::TestWithParam<Format> {
 protected:
  Source source(const Files& files) const {
    return {.path = clinical_folder("layouts-" + GetParam().name, files) + GetParam().path, .rename = {}};
  }
  Schema schema() const { return series_schema({GetParam().column}, GetParam().step); }
  ClinicalRead read(const Files& files, const ReadOptions& options = {}, int threads = 1) const {
    return read_clinical(GetParam().name, source(files), schema(), options, threads);
  }
  std::string refusal(const Files& files) const { return refusal_of(GetParam().name, source(files), schema()); }
  Files make(const Ward& ward = {}) const { return GetParam().make(ward); }
};

TEST_P(Layouts, ReadsEveryValue) {
  const Ward ward;
  const Cohort cohort = read(make()).cohort;
  ASSERT_EQ(cohort.size(), 3);
  ASSERT_EQ(cohort.offsets, (std::vector<std::int64_t>{0, 5, 10, 15}));
  for (std::int64_t row = 0; row < 15; ++row) {
    const int person = static_cast<int>(row / 5) + 1, event = static_cast<int>(row % 5);
    EXPECT_EQ(cohort.times.number(row), event);
    EXPECT_EQ(cohort.series.column(0).number(row), std::stod(ward.value(person, event)));
  }
}

TEST_P(Layouts, AVisitIsARow) {
  Schema schema = series_schema({GetParam().column}, "visit");
  const Cohort cohort = read_clinical(GetParam().name, source(make()), schema).cohort;
  ASSERT_EQ(cohort.offsets, (std::vector<std::int64_t>{0, 1, 2, 3}));
  for (std::int64_t row = 0; row < 3; ++row) {
    EXPECT_EQ(cohort.times.number(row), 0);
    EXPECT_EQ(cohort.series.column(0).number(row), 60 + (14 + row + 1) % 40);  // the third of five
  }
}

TEST_P(Layouts, AddingAPersonChangesNobodyElse) {
  const Cohort all = read(make()).cohort;
  EXPECT_TRUE(read(make({.people = {1, 2}})).cohort == all.select(std::vector<std::int64_t>{0, 1}));
  EXPECT_TRUE(read(make({.people = {2, 3}})).cohort == all.select(std::vector<std::int64_t>{1, 2}));
  EXPECT_TRUE(read(make({.people = {2}})).cohort == all.select(std::vector<std::int64_t>{1}));
}

TEST_P(Layouts, TheOrderOfRowsAndTheThreadsChangeNothing) {
  Files files = make();
  const Cohort cohort = read(files).cohort;
  EXPECT_TRUE(read(files, {}, 2).cohort == cohort);
  for (auto& [name, text] : files) text = reversed(text);
  EXPECT_TRUE(read(files).cohort == cohort);
}

TEST_P(Layouts, TextInANumberIsRefusedOrCounted) {
  const Files files = make({.first = "abc"});
  expect_parts(refusal(files), {GetParam().column, "1 measurements", "not a number", "'abc'", "minute 0"});
  const ClinicalRead got = read(files, lenient());
  EXPECT_EQ(problems_of(got.report), (Texts{GetParam().column + ": not a number x 1"}));
  EXPECT_EQ(got.cohort.series.rows(), 14);
}

TEST_P(Layouts, MissingTablesAndColumnsAreNamed) {
  const Format& format = GetParam();
  Files files = make();
  std::string& text = files[format.events];
  text.replace(text.find(format.header), format.header.size(), "other");
  const bool several = format.name.starts_with("physionet");  // files of one table must have the same header
  expect_parts(refusal(files), {several ? "another header" : "'" + format.header + "'"});
}

TEST_P(Layouts, RepeatedRowsAreRefusedOrCounted) {
  Files files = make();
  std::string& text = files[GetParam().events];
  text += text.substr(text.rfind('\n', text.size() - 2) + 1);
  expect_parts(refusal(files), {"1 measurements", "twice"});
  const ClinicalRead got = read(files, lenient());
  EXPECT_EQ(problems_of(got.report), (Texts{"series columns: a repeated measurement x 1"}));
  ASSERT_EQ(got.report.problems[0].places.size(), 1);
  expect_parts(got.report.problems[0].places[0], {"person ", ", minute ", "'"});
  EXPECT_TRUE(got.cohort == read(make()).cohort);
}

TEST_P(Layouts, FilesCutShortAreRefused) {
  const Format& format = GetParam();
  if (format.name.starts_with("physionet")) GTEST_SKIP() << "its files are not packed";
  Files files = make({.events = 400});
  const std::string packed = format.events.ends_with(".parquet") ? format.events : format.events + ".gz";
  const std::string text = files[format.events];
  files.erase(format.events);
  files[packed] = text;
  const std::string folder = clinical_folder("layouts-" + format.name, files), file = folder + "/" + packed;
  const Source whole = {.path = format.path.empty() ? folder : file, .rename = {}};
  EXPECT_EQ(read_clinical(format.name, whole, schema()).cohort.series.rows(), 1200);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  expect_parts(refusal_of(format.name, whole, schema()), {packed});
}

TEST_P(Layouts, OnePersonMayHaveManyMeasurements) {
  const int events = 200000;
  const Cohort cohort = read(make({.people = {1}, .events = events})).cohort;
  EXPECT_EQ(cohort.series.rows(), events);
  EXPECT_EQ(cohort.times.number(cohort.series.rows() - 1), events - 1);
}

TEST_P(Layouts, AFolderIsKnownByItsFiles) {
  const Format& format = GetParam();
  if (format.name == "long") GTEST_SKIP() << "a table is read so only when it is asked for";
  ReadReport report;
  const Cohort cohort = read_cohort(std::vector<Source>{source(make())}, schema(), {}, report, Context{});
  EXPECT_EQ(cohort.size(), 3);
}

std::string name_of(const testing::TestParamInfo<Format>& format) {
  std::string name = format.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Layouts, testing::ValuesIn(kFormats), name_of);

// A layout without a row above would be tested by nothing.
TEST(LayoutsTable, HasEveryReaderOfFolders) {
  for (const ReaderEntry& reader : readers()) {
    if (reader.knows_folder == nullptr) continue;
    const auto same = [&](const Format& format) { return format.name == reader.name; };
    EXPECT_TRUE(std::any_of(std::begin(kFormats), std::end(kFormats), same)) << reader.name;
  }
}

// People and cells were counted in the files by a program of a dozen lines that shares nothing with the reader.
TEST(RealFolders, PeopleAndHeartRates) {
  const char* data = std::getenv("UNDERSTUDY_DATA");
  if (data == nullptr || !std::filesystem::exists(std::string(data) + "/mimic-iv-demo")) {
    GTEST_SKIP() << "UNDERSTUDY_DATA has no hospital data";
  }
  const auto read = [&](const std::string& folder) {
    const Source source = {.path = std::string(data) + "/" + folder, .rename = {}};
    return read_clinical("", source, ward_schema("h", "time_minimum = 0\ntime_maximum = 47"), lenient()).cohort;
  };
  const Cohort fourth = read("mimic-iv-demo");
  EXPECT_EQ(fourth.size(), 100);
  EXPECT_EQ(fourth.series.column("heart_rate").validity().count(), 3647);
  EXPECT_EQ(read("mimic-iii-demo").size(), 100);
  EXPECT_EQ(read("eicu-demo").size(), 1841);
  EXPECT_EQ(read("physionet-challenge-2012/set-a-files").size(), 60);
}

}  // namespace
}  // namespace understudy
