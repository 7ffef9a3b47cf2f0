// tests/unit/throws.hpp: a call that breaks a contract, and says so.
#pragma once

#include <gtest/gtest.h>

#include <exception>
#include <string_view>
#include <typeinfo>

namespace lockstep::test {

/// Does `call` throw an `Error`, not merely something derived from it, whose message begins with the method's name?
template <class Error, class Call>
testing::AssertionResult throws(std::string_view method, Call call) {
  try {
    call();
  } catch (const std::exception& error) {
    if (typeid(error) != typeid(Error)) {
      return testing::AssertionFailure() << "threw " << typeid(error).name();
    }
    if (!std::string_view(error.what()).starts_with(method)) {
      return testing::AssertionFailure() << "said \"" << error.what() << '"';
    }
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << "threw nothing";
}

}  // namespace lockstep::test
