#include "cohort/clinical/layouts/fitbit.h"

namespace understudy {
namespace {

constexpr TableFile kTables[] = {
    {"dailyActivity", "dailyActivity_merged",
     "Id ActivityDate TotalSteps TotalDistance TrackerDistance LoggedActivitiesDistance VeryActiveDistance "
     "ModeratelyActiveDistance LightActiveDistance SedentaryActiveDistance VeryActiveMinutes FairlyActiveMinutes "
     "LightlyActiveMinutes SedentaryMinutes Calories"},
    {"sleepDay", "sleepDay_merged", "Id SleepDay TotalSleepRecords TotalMinutesAsleep TotalTimeInBed", false},
    {"weightLogInfo", "weightLogInfo_merged", "Id Date WeightKg WeightPounds Fat BMI", false},
    {"hourlySteps", "hourlySteps_merged", "Id ActivityHour StepTotal:DOUBLE", false},
    {"hourlyCalories", "hourlyCalories_merged", "Id ActivityHour Calories:DOUBLE", false},
    {"hourlyIntensities", "hourlyIntensities_merged", "Id ActivityHour TotalIntensity AverageIntensity", false},
    {"minuteSteps", "minuteStepsNarrow_merged", "Id ActivityMinute Steps:DOUBLE", false},
    {"minuteCalories", "minuteCaloriesNarrow_merged", "Id ActivityMinute Calories:DOUBLE", false},
    {"minuteIntensities", "minuteIntensitiesNarrow_merged", "Id ActivityMinute Intensity:DOUBLE", false},
    {"minuteMETs", "minuteMETsNarrow_merged", "Id ActivityMinute METs:DOUBLE", false},
    {"minuteSleep", "minuteSleep_merged", "Id date value:DOUBLE", false},
    {"heartrate_seconds", "heartrate_seconds_merged", "Id Time Value:DOUBLE", false},
};

constexpr std::string_view kStays = R"sql(
  WITH times AS (SELECT Id, ActivityDate AS time FROM dailyActivity UNION ALL SELECT Id, SleepDay FROM sleepDay
      UNION ALL SELECT Id, Date FROM weightLogInfo UNION ALL SELECT Id, ActivityHour FROM hourlySteps
      UNION ALL SELECT Id, ActivityHour FROM hourlyCalories UNION ALL SELECT Id, ActivityHour FROM hourlyIntensities),
    minutes AS (SELECT Id, epoch_us(us_time(time)) // 60000000 AS minute FROM times),
    days AS (SELECT Id, min(minute) // 1440 AS first_day, max(minute) // 1440 AS last_day FROM minutes GROUP BY Id)
  SELECT Id AS subject, Id AS stay, 0 AS ordinal, 1440 * first_day AS start, 1440 * last_day + 1439 AS stop,
    NULL::BIGINT AS earliest, NULL::BIGINT AS latest, last_day - first_day + 1 AS days FROM days)sql";

constexpr EventSource kEvents[] = {
    {"dailyActivity", EventSource::Owner::subject, R"sql(
      SELECT Id AS subject, epoch_us(us_time(ActivityDate)) // 60000000 AS at, item,
        TRY_CAST(value AS DOUBLE) AS number, value AS text, NULL::VARCHAR AS unit FROM dailyActivity
        UNPIVOT (value FOR item IN (TotalSteps, TotalDistance, TrackerDistance, LoggedActivitiesDistance,
        VeryActiveDistance, ModeratelyActiveDistance, LightActiveDistance, SedentaryActiveDistance, VeryActiveMinutes,
        FairlyActiveMinutes, LightlyActiveMinutes, SedentaryMinutes, Calories)))sql"},
    {"sleepDay", EventSource::Owner::subject, R"sql(
      SELECT Id AS subject, epoch_us(us_time(SleepDay)) // 60000000 AS at, item, TRY_CAST(value AS DOUBLE) AS number,
        value AS text, NULL::VARCHAR AS unit FROM sleepDay
        UNPIVOT (value FOR item IN (TotalSleepRecords, TotalMinutesAsleep, TotalTimeInBed)))sql"},
    {"weightLogInfo", EventSource::Owner::subject, R"sql(
      SELECT Id AS subject, epoch_us(us_time(Date)) // 60000000 AS at, item, TRY_CAST(value AS DOUBLE) AS number,
        value AS text, NULL::VARCHAR AS unit FROM weightLogInfo
        UNPIVOT (value FOR item IN (WeightKg, WeightPounds, Fat, BMI)))sql"},
    {"hourlySteps", EventSource::Owner::subject,
     "SELECT Id AS subject, epoch_us(us_time(ActivityHour)) // 60000000 AS at, 'hourlySteps.StepTotal' AS item, "
     "StepTotal AS number, StepTotal_text AS text, NULL::VARCHAR AS unit FROM hourlySteps"},
    {"hourlyCalories", EventSource::Owner::subject,
     "SELECT Id AS subject, epoch_us(us_time(ActivityHour)) // 60000000 AS at, 'hourlyCalories.Calories' AS item, "
     "Calories AS number, Calories_text AS text, NULL::VARCHAR AS unit FROM hourlyCalories"},
    {"hourlyIntensities", EventSource::Owner::subject, R"sql(
      SELECT Id AS subject, epoch_us(us_time(ActivityHour)) // 60000000 AS at, 'hourlyIntensities.' || item AS item,
        TRY_CAST(value AS DOUBLE) AS number, value AS text, NULL::VARCHAR AS unit FROM hourlyIntensities
        UNPIVOT (value FOR item IN (TotalIntensity, AverageIntensity)))sql"},
    {"minuteSteps", EventSource::Owner::subject,
     "SELECT Id AS subject, epoch_us(us_time(ActivityMinute)) // 60000000 AS at, 'minuteSteps.Steps' AS item, "
     "Steps AS number, Steps_text AS text, NULL::VARCHAR AS unit FROM minuteSteps"},
    {"minuteCalories", EventSource::Owner::subject,
     "SELECT Id AS subject, epoch_us(us_time(ActivityMinute)) // 60000000 AS at, 'minuteCalories.Calories' AS item, "
     "Calories AS number, Calories_text AS text, NULL::VARCHAR AS unit FROM minuteCalories"},
    {"minuteIntensities", EventSource::Owner::subject,
     "SELECT Id AS subject, epoch_us(us_time(ActivityMinute)) // 60000000 AS at, "
     "'minuteIntensities.Intensity' AS item, Intensity AS number, Intensity_text AS text, NULL::VARCHAR AS unit "
     "FROM minuteIntensities"},
    {"minuteMETs", EventSource::Owner::subject,
     "SELECT Id AS subject, epoch_us(us_time(ActivityMinute)) // 60000000 AS at, 'minuteMETs.METs' AS item, "
     "METs AS number, METs_text AS text, NULL::VARCHAR AS unit FROM minuteMETs"},
    {"minuteSleep", EventSource::Owner::subject,
     "SELECT Id AS subject, epoch_us(us_time(date)) // 60000000 AS at, 'minuteSleep.value' AS item, "
     "value AS number, value_text AS text, NULL::VARCHAR AS unit FROM minuteSleep"},
    {"heartrate_seconds", EventSource::Owner::subject, R"sql(
      SELECT Id AS subject, epoch_us(us_time(Time)) // 60000000 AS at, 'heartrate_seconds.Value' AS item,
        avg(Value) AS number, min(Value_text) FILTER (Value IS NULL) AS text, NULL::VARCHAR AS unit
        FROM heartrate_seconds GROUP BY ALL)sql"},
};

constexpr std::string_view kItems =
    "TotalSteps TotalDistance TrackerDistance LoggedActivitiesDistance VeryActiveDistance ModeratelyActiveDistance "
    "LightActiveDistance SedentaryActiveDistance VeryActiveMinutes FairlyActiveMinutes LightlyActiveMinutes "
    "SedentaryMinutes Calories TotalSleepRecords TotalMinutesAsleep TotalTimeInBed WeightKg WeightPounds Fat BMI ";

// Every day of a person has a row of activity, as in the export: the first of them is where days are counted from.
constexpr OutputFile kOutput[] = {
    {"dailyActivity_merged.csv", R"sql(
      WITH days AS (SELECT key, origin, unnest(range(0, CAST(minutes // 1440 AS BIGINT) + 1)) AS day FROM people),
        wide AS (SELECT key, minute // 1440 AS day,
          max(number) FILTER (variable = 'TotalSteps') AS TotalSteps, max(number) FILTER (variable =
          'TotalDistance') AS TotalDistance, max(number) FILTER (variable = 'TrackerDistance') AS TrackerDistance,
          max(number) FILTER (variable = 'LoggedActivitiesDistance') AS LoggedActivitiesDistance, max(number) FILTER
          (variable = 'VeryActiveDistance') AS VeryActiveDistance, max(number) FILTER (variable =
          'ModeratelyActiveDistance') AS ModeratelyActiveDistance, max(number) FILTER (variable =
          'LightActiveDistance') AS LightActiveDistance, max(number) FILTER (variable = 'SedentaryActiveDistance')
          AS SedentaryActiveDistance, max(number) FILTER (variable = 'VeryActiveMinutes') AS VeryActiveMinutes,
          max(number) FILTER (variable = 'FairlyActiveMinutes') AS FairlyActiveMinutes, max(number) FILTER (variable
          = 'LightlyActiveMinutes') AS LightlyActiveMinutes, max(number) FILTER (variable = 'SedentaryMinutes') AS
          SedentaryMinutes, max(number) FILTER (variable = 'Calories') AS Calories
          FROM measurements GROUP BY key, minute // 1440)
      SELECT d.key AS Id, strftime(d.origin + to_days(CAST(d.day AS INTEGER)), '%-m/%-d/%Y') AS ActivityDate, w.* EXCLUDE (key, day)
      FROM days d LEFT JOIN wide w ON w.key = d.key AND w.day = d.day ORDER BY d.key, d.day)sql"},
    {"sleepDay_merged.csv", R"sql(
      SELECT key AS Id, strftime(any_value(origin) + to_days(CAST(minute // 1440 AS INTEGER)), '%-m/%-d/%Y 12:00:00 AM') AS SleepDay,
        max(number) FILTER (variable = 'TotalSleepRecords') AS TotalSleepRecords, max(number) FILTER (variable =
        'TotalMinutesAsleep') AS TotalMinutesAsleep, max(number) FILTER (variable = 'TotalTimeInBed') AS
        TotalTimeInBed
      FROM measurements WHERE variable IN ('TotalSleepRecords', 'TotalMinutesAsleep', 'TotalTimeInBed')
      GROUP BY key, minute // 1440 ORDER BY key, minute // 1440)sql"},
    {"weightLogInfo_merged.csv", R"sql(
      SELECT key AS Id, strftime(any_value(origin) + to_days(CAST(minute // 1440 AS INTEGER)), '%-m/%-d/%Y 12:00:00 AM') AS Date,
        max(number) FILTER (variable = 'WeightKg') AS WeightKg, max(number) FILTER (variable = 'WeightPounds') AS
        WeightPounds, max(number) FILTER (variable = 'Fat') AS Fat, max(number) FILTER (variable = 'BMI') AS BMI
      FROM measurements WHERE variable IN ('WeightKg', 'WeightPounds', 'Fat', 'BMI')
      GROUP BY key, minute // 1440 ORDER BY key, minute // 1440)sql"},
};

}  // namespace

const Layout kFitbit = {
    .name = "fitbit",
    .summary = "Fitbit: a Fitabase export, a folder with dailyActivity_merged and other tables",
    .mark = "dailyActivity_merged",
    .tables = kTables,
    .stays = kStays,
    .events = kEvents,
    .uses_concepts = false,
    .carries = {},
    .writes = kItems,
    .output = kOutput,
    .has_visits = false,
};

}  // namespace understudy
