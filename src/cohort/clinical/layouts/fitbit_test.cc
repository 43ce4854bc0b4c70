#include "cohort/clinical/testing_folders.h"

#include <cstdlib>

namespace understudy {
namespace {

constexpr const char* kDays =
    "Id,ActivityDate,TotalSteps,TotalDistance,TrackerDistance,LoggedActivitiesDistance,VeryActiveDistance,"
    "ModeratelyActiveDistance,LightActiveDistance,SedentaryActiveDistance,VeryActiveMinutes,FairlyActiveMinutes,"
    "LightlyActiveMinutes,SedentaryMinutes,Calories\n";

Files folder_files() {
  return {
      {"dailyActivity_merged.csv", std::string(kDays) +
                                       "20,4/13/2016,7000,5,5,0,1,1,3,0,10,20,100,1000,2000\n"
                                       "20,04/12/2016,9000,6,6,0,1,1,3,0,10,20,100,1000,2100\n"
                                       "3,4/14/2016,100,0.1,0.1,0,0,0,0.1,0,0,0,5,1435,1500\n"},
      {"sleepDay_merged.csv",
       "Id,SleepDay,TotalSleepRecords,TotalMinutesAsleep,TotalTimeInBed\n20,4/13/2016 12:00:00 AM,1,400,420\n"},
      {"hourlySteps_merged.csv",
       "Id,ActivityHour,StepTotal\n20,4/12/2016 1:00:00 PM,500\n20,4/11/2016 12:00:00 AM,30\n"
       "4,4/12/2016 11:00:00 PM,7\n"},
      {"hourlyCalories_merged.csv", "Id,ActivityHour,Calories\n20,4/12/2016 1:00:00 PM,80\n"},
      {"minuteStepsNarrow_merged.csv.gz",
       "Id,ActivityMinute,Steps\n20,4/12/2016 1:07:00 PM,9\n20,4/12/2016 1:08:00 PM,11\n"},
      {"heartrate_seconds_merged.csv",
       "Id,Time,Value\n20,4/12/2016 1:07:05 PM,80\n20,4/12/2016 1:07:10 PM,80\n20,4/12/2016 1:07:15 PM,95\n"},
      {"weightLogInfo_merged.csv",
       "Id,Date,WeightKg,WeightPounds,Fat,BMI,IsManualReport,LogId\n20,4/12/2016 11:59:59 PM,52.6,116,,22.6,True,1\n"},
  };
}

ClinicalRead read_files(const Files& files, const Schema& schema, const ReadOptions& options = {}) {
  return read_clinical("fitbit", {.path = clinical_folder("fitbit", files), .rename = {}}, schema, options);
}

TEST(Fitbit, Days) {
  const ClinicalRead got = read_files(
      folder_files(), series_schema({"TotalSteps", "Calories", "TotalMinutesAsleep", "WeightKg"}, "d"));
  EXPECT_EQ(shown(got.cohort),
            (Texts{"3 | 0 TotalSteps=100 Calories=1500", "4",
                   "20 | 1 TotalSteps=9000 Calories=2100 WeightKg=52.6 | 2 TotalSteps=7000 Calories=2000 "
                   "TotalMinutesAsleep=400"}));
}

TEST(Fitbit, Hours) {
  const ClinicalRead got = read_files(
      folder_files(), series_schema({"TotalSteps", "hourlySteps.StepTotal", "hourlyCalories.Calories", "StepTotals"}));
  EXPECT_EQ(shown(got.cohort),
            (Texts{"3 | 0 TotalSteps=100", "4 | 23 hourlySteps.StepTotal=7",
                   "20 | 0 hourlySteps.StepTotal=30 | 24 TotalSteps=9000 | 37 hourlySteps.StepTotal=500 "
                   "hourlyCalories.Calories=80 | 48 TotalSteps=7000"}));
  expect_parts(left_out_of(got.report)[0], {"columns without a measurement: StepTotals x 1"});
}

TEST(Fitbit, Minutes) {
  const ClinicalRead got =
      read_files(folder_files(), series_schema({"minuteSteps.Steps", "heartrate_seconds.Value"}, "min"));
  EXPECT_EQ(shown(got.cohort)[2],
            "20 | 2227 minuteSteps.Steps=9 heartrate_seconds.Value=85 | 2228 minuteSteps.Steps=11");
}

TEST(Fitbit, RefusesBadRows) {
  const auto refusal = [](const Files& files) {
    return refusal_of("fitbit", {.path = clinical_folder("fitbit", files), .rename = {}},
                      series_schema({"TotalSteps", "hourlySteps.StepTotal"}));
  };
  Files files = folder_files();
  files["hourlySteps_merged.csv"] += "20,4/12/2016 2:00:00 PM,many\n";
  expect_parts(refusal(files), {"hourlySteps_merged.csv", "not a number", "'many'", "person 20, minute 2280"});
  files = folder_files();
  files["hourlySteps_merged.csv"] += "20,noon,5\n";
  expect_parts(refusal(files), {"without a time", "person 20"});
  files = folder_files();
  files["hourlySteps_merged.csv"] = "Id,ActivityHour,Steps\n";
  expect_parts(refusal(files), {"hourlySteps_merged.csv", "'StepTotal'"});
  files = folder_files();
  files.erase("dailyActivity_merged.csv");
  expect_parts(refusal(files), {"dailyActivity"});
}

// 33 people in one month, without its million minutes; 35 in the month before (SOURCE.md beside the data).
TEST(Fitbit, RealFolders) {
  const char* data = std::getenv("UNDERSTUDY_DATA");
  const std::string folder = data == nullptr ? "" : std::string(data) + "/fitbit/";
  if (!std::filesystem::exists(folder + "apr-may")) GTEST_SKIP() << "UNDERSTUDY_DATA has no fitbit";
  const Schema days = series_schema({"TotalSteps", "TotalMinutesAsleep"}, "d");
  const std::string links = clinical_folder("fitbit-days", {{"readme.txt", ""}});
  for (const char* table : {"dailyActivity_merged.csv", "sleepDay_merged.csv", "hourlySteps_merged.csv"}) {
    std::filesystem::create_symlink(folder + "apr-may/" + table, links + "/" + table);
  }
  const ClinicalRead april = read_clinical("", {.path = links, .rename = {}}, days, lenient());
  EXPECT_EQ(april.cohort.size(), 33);
  EXPECT_EQ(april.cohort.series.column("TotalSteps").validity().count(), 940);
  EXPECT_EQ(april.cohort.series.column("TotalMinutesAsleep").validity().count(), 410);
  EXPECT_EQ(problems_of(april.report), (Texts{"series columns: a repeated measurement x 3"}));
  const Schema hours = series_schema({"hourlySteps.StepTotal", "hourlyIntensities.TotalIntensity"});
  const ClinicalRead march = read_clinical("", {.path = folder + "mar-apr", .rename = {}}, hours, lenient());
  EXPECT_EQ(march.cohort.size(), 35);
  EXPECT_EQ(march.cohort.series.rows(), 24084);
}

}  // namespace
}  // namespace understudy
