// One library, one translation unit: TensorFlow's headers are what takes time to compile.
#include "batch_norm_ops.h"
#include "max_pool_ops.h"
#include "momentum_ops.h"
#include "patches_ops.h"

// What makes Node load the library as an addon. The ops register themselves with TensorFlow as it is mapped.
extern "C" void* napi_register_module_v1(void*, void* exports) { return exports; }
