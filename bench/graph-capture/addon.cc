// Makes TensorFlow functions of graphs and calls them from Node; thin over TensorFlow's C API.
// The TFE_Context is the addon's own, since that of tfjs-node is private to its addon.
#include <cstring>
#include <memory>

#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"
#include "value.h"

namespace {

template <typename T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

/** A TF_Status that throws. */
struct Status {
  Owned<TF_Status> raw{TF_NewStatus(), TF_DeleteStatus};
  operator TF_Status*() const { return raw.get(); }
  void check() const {
    if (TF_GetCode(raw.get()) != TF_OK) throw std::runtime_error(TF_Message(raw.get()));
  }
};

TFE_Context* makeContext() {
  Owned<TFE_ContextOptions> options{TFE_NewContextOptions(), TFE_DeleteContextOptions};
  Status status;
  TFE_Context* context = TFE_NewContext(options.get(), status);
  status.check();
  return context;
}

TFE_Context* context() {
  // Lives as long as the process, as that of tfjs-node does.
  static TFE_Context* const shared = makeContext();
  return shared;
}

int64_t bytesOf(TFE_TensorHandle* tensor) {
  Status status;
  return TFE_TensorHandleNumElements(tensor, status) * TF_DataTypeSize(TFE_TensorHandleDataType(tensor));
}

/** Hands a tensor to JavaScript, whose garbage collector has to know how large it is. */
napi_value toJavaScript(napi_env env, TFE_TensorHandle* tensor) {
  const auto finalize = [](napi_env env, void* data, void*) {
    auto* tensor = static_cast<TFE_TensorHandle*>(data);
    int64_t total;
    napi_adjust_external_memory(env, -bytesOf(tensor), &total);
    TFE_DeleteTensorHandle(tensor);
  };
  int64_t total;
  napi_value external;
  napi_adjust_external_memory(env, bytesOf(tensor), &total);
  napi_create_external(env, tensor, finalize, nullptr, &external);
  return external;
}

napi_value toArrayBuffer(napi_env env, const void* content, size_t length) {
  void* data;
  napi_value buffer;
  napi_create_arraybuffer(env, length, &data, &buffer);
  std::memcpy(data, content, length);
  return buffer;
}

std::vector<TF_Output> find(TF_Graph* graph, const std::vector<std::string>& names) {
  std::vector<TF_Output> found;
  for (const std::string& name : names) {
    TF_Operation* operation = TF_GraphOperationByName(graph, name.c_str());
    if (operation == nullptr) throw std::runtime_error("the graph has no node " + name);
    found.push_back({operation, 0});
  }
  return found;
}

/** opDef(type of op) → ArrayBuffer with the OpDef */
napi_value opDef(napi_env env, const Arguments& args) {
  Owned<TF_Graph> graph{TF_NewGraph(), TF_DeleteGraph};
  Owned<TF_Buffer> definition{TF_NewBuffer(), TF_DeleteBuffer};
  Status status;
  TF_GraphGetOpDef(graph.get(), args[0].text().c_str(), definition.get(), status);
  status.check();
  return toArrayBuffer(env, definition->data, definition->length);
}

/** addFunction(name, GraphDef, names of input nodes, names of output nodes): makes the graph a function of the context. */
napi_value addFunction(napi_env, const Arguments& args) {
  const auto [data, length] = args[1].bytes();
  Owned<TF_Buffer> definition{TF_NewBufferFromString(data, length), TF_DeleteBuffer};
  Owned<TF_Graph> graph{TF_NewGraph(), TF_DeleteGraph};
  Owned<TF_ImportGraphDefOptions> options{TF_NewImportGraphDefOptions(), TF_DeleteImportGraphDefOptions};
  Status status;
  TF_GraphImportGraphDef(graph.get(), definition.get(), options.get(), status);
  status.check();
  const auto inputs = find(graph.get(), args[2].each(&Value::text));
  const auto outputs = find(graph.get(), args[3].each(&Value::text));
  Owned<TF_Function> function{
      TF_GraphToFunction(graph.get(), args[0].text().c_str(), 0, -1, nullptr, inputs.size(), inputs.data(),
                         outputs.size(), outputs.data(), nullptr, nullptr, nullptr, status),
      TF_DeleteFunction};
  status.check();
  TFE_ContextAddFunction(context(), function.get(), status);
  status.check();
  return nullptr;
}

/** upload(dtype, shape, bytes) → tensor */
napi_value upload(napi_env env, const Arguments& args) {
  const auto dtype = static_cast<TF_DataType>(args[0].integer());
  const auto shape = args[1].each(&Value::integer);
  const auto [data, length] = args[2].bytes();
  size_t needed = TF_DataTypeSize(dtype);
  for (const int64_t size : shape) needed *= size;
  if (length != needed) throw std::runtime_error("the bytes do not fill the shape");
  Owned<TF_Tensor> tensor{TF_AllocateTensor(dtype, shape.data(), shape.size(), length), TF_DeleteTensor};
  std::memcpy(TF_TensorData(tensor.get()), data, length);
  Status status;
  TFE_TensorHandle* handle = TFE_NewTensorHandle(tensor.get(), status);
  status.check();
  return toJavaScript(env, handle);
}

/** call(function's name, tensors, number of results, whether XLA compiles it) → tensors */
napi_value call(napi_env env, const Arguments& args) {
  Status status;
  Owned<TFE_Op> op{TFE_NewOp(context(), args[0].text().c_str(), status), TFE_DeleteOp};
  status.check();
  for (TFE_TensorHandle* tensor : args[1].each(&Value::pointer<TFE_TensorHandle>)) {
    TFE_OpAddInput(op.get(), tensor, status);
    status.check();
  }
  TFE_OpSetAttrBool(op.get(), "_XlaMustCompile", args[3].boolean());
  int count = args[2].integer();
  std::vector<TFE_TensorHandle*> results(count);
  TFE_Execute(op.get(), results.data(), &count, status);
  status.check();
  napi_value tensors;
  napi_create_array(env, &tensors);
  for (int i = 0; i < count; i++) napi_set_element(env, tensors, i, toJavaScript(env, results[i]));
  return tensors;
}

/** read(tensor) → ArrayBuffer */
napi_value read(napi_env env, const Arguments& args) {
  Status status;
  Owned<TF_Tensor> tensor{TFE_TensorHandleResolve(args[0].pointer<TFE_TensorHandle>(), status), TF_DeleteTensor};
  status.check();
  return toArrayBuffer(env, TF_TensorData(tensor.get()), TF_TensorByteSize(tensor.get()));
}

}  // namespace

NAPI_MODULE_INIT() {
  const auto add = [&](const char* name, napi_callback function) {
    napi_value value;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value);
    napi_set_named_property(env, exports, name, value);
  };
  add("opDef", callback<opDef>);
  add("addFunction", callback<addFunction>);
  add("upload", callback<upload>);
  add("call", callback<call>);
  add("read", callback<read>);
  return exports;
}
