#include "metrics/autocorrelation.h"
#include "metrics/clinical_rules.h"
#include "metrics/code_cooccurrence.h"
#include "metrics/code_prevalence.h"
#include "metrics/code_transitions.h"
#include "metrics/correlation.h"
#include "metrics/cross_correlation.h"
#include "metrics/discriminative_score.h"
#include "metrics/discriminator.h"
#include "metrics/ks.h"
#include "metrics/measurement_process.h"
#include "metrics/missingness.h"
#include "metrics/near_copies.h"
#include "metrics/predictive_score.h"
#include "metrics/rule_violations.h"
#include "metrics/sequence_length.h"
#include "metrics/target_prediction.h"
#include "metrics/transitions.h"
#include "metrics/tv.h"
#include "metrics/wasserstein.h"
#include "understudy/error.h"
#include "understudy/metric.h"

namespace understudy {
namespace {

constexpr MetricEntry kMetrics[] = {
    {"ks", "fidelity", "Kolmogorov-Smirnov distance of each numeric column", evaluate_ks},
    {"wasserstein", "fidelity", "1-Wasserstein distance of each numeric column, in standard deviations",
     evaluate_wasserstein},
    {"tv", "fidelity", "total variation distance of each categorical column", evaluate_tv},
    {"correlation", "fidelity", "difference of the associations between columns", evaluate_correlation},
    {"missingness", "fidelity", "difference of the shares of missing values", evaluate_missingness},
    {"autocorrelation", "fidelity", "how values follow each other within a person", evaluate_autocorrelation},
    {"cross_correlation", "fidelity", "how one series column follows another", evaluate_cross_correlation},
    {"sequence_length", "fidelity", "rows per person, their time span and the gaps between them",
     evaluate_sequence_length},
    {"measurement_process", "fidelity", "who is measured when, and what that says", evaluate_measurement_process},
    {"transitions", "fidelity", "what follows what in a categorical series", evaluate_transitions},
    {"code_prevalence", "fidelity", "how common each code is, and how many stand in a cell", evaluate_code_prevalence},
    {"code_cooccurrence", "fidelity", "which codes stand together", evaluate_code_cooccurrence},
    {"code_transitions", "fidelity", "which code follows which, and how many come back", evaluate_code_transitions},
    {"clinical_rules", "fidelity", "records that break rules which hold for every patient", evaluate_clinical_rules},
    {"discriminator", "fidelity", "how well trees tell synthetic rows from real ones", evaluate_discriminator},
    {"discriminative_score", "fidelity", "how well a recurrent network tells synthetic stretches of rows from real ones",
     evaluate_discriminative_score, true},
    {"predictive_score", "utility", "how well a recurrent network fitted on synthetic people foretells real rows",
     evaluate_predictive_score, true},
    {"target_prediction", "utility", "how well classifiers fitted on synthetic people foretell a target of real ones",
     evaluate_target_prediction, true},
    {"rule_violations", "fidelity", "records that break the rules of the schema", evaluate_rule_violations},
    {"near_copies", "diagnostic", "synthetic rows that lie on or very near a training row", evaluate_near_copies},
};

}  // namespace

std::span<const MetricEntry> metrics() { return kMetrics; }

const MetricEntry& find_metric(std::string_view name) {
  std::vector<std::string_view> known;
  for (const MetricEntry& entry : kMetrics) {
    if (entry.name == name) return entry;
    known.push_back(entry.name);
  }
  fail(ErrorKind::usage, "there is no metric '{}'; accepted: {}", name, fmt::join(known, ", "));
}

}  // namespace understudy
