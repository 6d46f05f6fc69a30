// JavaScript values as C++ sees them through Node-API.
#pragma once
#include <node_api.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

struct Value {
  napi_env env;
  napi_value raw;

  int64_t integer() const { return get<int64_t>(napi_get_value_int64); }
  bool boolean() const { return get<bool>(napi_get_value_bool); }

  std::string text() const {
    size_t length;
    check(napi_get_value_string_utf8(env, raw, nullptr, 0, &length));
    std::string value(length, '\0');
    check(napi_get_value_string_utf8(env, raw, value.data(), length + 1, &length));
    return value;
  }

  /** Content and length of a Uint8Array. */
  std::pair<const void*, size_t> bytes() const {
    napi_typedarray_type type;
    size_t length;
    void* data;
    check(napi_get_typedarray_info(env, raw, &type, &length, &data, nullptr, nullptr));
    check(type == napi_uint8_array ? napi_ok : napi_invalid_arg);
    return {data, length};
  }

  /** What an external value points to. */
  template <typename T>
  T* pointer() const {
    return static_cast<T*>(get<void*>(napi_get_value_external));
  }

  /** The items of an array, each read by one of the methods above. */
  template <typename T>
  std::vector<T> each(T (Value::*read)() const) const {
    std::vector<T> items(get<uint32_t>(napi_get_array_length));
    for (size_t i = 0; i < items.size(); i++) {
      Value item{env, nullptr};
      check(napi_get_element(env, raw, i, &item.raw));
      items[i] = (item.*read)();
    }
    return items;
  }

 private:
  static void check(napi_status status) {
    if (status != napi_ok) throw std::runtime_error("an argument has the wrong type");
  }

  template <typename T>
  T get(napi_status (*read)(napi_env, napi_value, T*)) const {
    T value;
    check(read(env, raw, &value));
    return value;
  }
};

using Arguments = std::vector<Value>;

/** Makes a Node-API callback of a function that throws. */
template <napi_value (*function)(napi_env, const Arguments&)>
napi_value callback(napi_env env, napi_callback_info info) {
  napi_value raw[4];
  size_t count = 4;
  // Those not given are undefined, and refused by whoever reads them.
  napi_get_cb_info(env, info, &count, raw, nullptr, nullptr);
  Arguments arguments;
  for (const napi_value argument : raw) arguments.push_back({env, argument});
  try {
    return function(env, arguments);
  } catch (const std::exception& error) {
    napi_throw_error(env, nullptr, error.what());
    return nullptr;
  }
}
