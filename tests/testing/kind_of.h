// The kind of error that a call throws; a call that throws none fails the test.
#pragma once

#include <gtest/gtest.h>

#include "understudy/error.h"

namespace understudy {

template <class F>
ErrorKind kind_of(F&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorKind::internal;
}

}  // namespace understudy
