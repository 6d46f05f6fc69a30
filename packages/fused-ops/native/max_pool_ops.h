// BagOfTricksMaxPool and its gradient.
#pragma once
#include "max_pool.h"
#include "ops.h"

namespace bag_of_tricks {

inline absl::Status read_pool(const std::vector<int64_t>& shape, const std::vector<int64_t>& ksize,
                              const std::vector<int64_t>& strides, const std::vector<int64_t>& pads, Pool* pool) {
  const auto refuse = [](const char* rule, const std::vector<int64_t>& got) {
    return InvalidArgument(rule, ", got [", absl::StrJoin(got, ", "), "]");
  };
  const auto positive = [](int64_t value) { return value > 0; };
  const auto all_positive = [&](const std::vector<int64_t>& list) { return std::all_of(list.begin(), list.end(), positive); };
  if (shape.size() != 4 || !all_positive(shape)) return refuse("x must be [batch, height, width, channels], none 0", shape);
  // 255 stands for the padding.
  if (ksize.size() != 2 || !all_positive(ksize) || ksize[0] > 255 || ksize[1] > 255 || ksize[0] * ksize[1] > 255)
    return refuse("ksize must be two positive numbers whose product is at most 255", ksize);
  if (strides.size() != 2 || !all_positive(strides)) return refuse("strides must be two positive numbers", strides);
  if (pads.size() != 4 || std::any_of(pads.begin(), pads.end(), [](int64_t pad) { return pad < 0; }))
    return refuse("pads must be four numbers, none negative: top, bottom, left, right", pads);
  *pool = {shape[0], shape[1], shape[2], shape[3], ksize[0], ksize[1], strides[0], strides[1], pads[0], pads[1], pads[2], pads[3]};
  if (ksize[0] > shape[1] + pads[0] + pads[1] || ksize[1] > shape[2] + pads[2] + pads[3])
    return refuse("ksize must fit into the padded picture", ksize);
  return absl::OkStatus();
}

inline TensorShape pooled(const Pool& pool) {
  return TensorShape({pool.batch, pool.out_height(), pool.out_width(), pool.channels});
}

class PoolOp : public OpKernel {
 public:
  explicit PoolOp(OpKernelConstruction* context) : OpKernel(context) {
    OP_REQUIRES_OK(context, context->GetAttr("ksize", &ksize_));
    OP_REQUIRES_OK(context, context->GetAttr("strides", &strides_));
    OP_REQUIRES_OK(context, context->GetAttr("pads", &pads_));
  }

 protected:
  std::vector<int64_t> ksize_, strides_, pads_;
};

REGISTER_OP("BagOfTricksMaxPool")
    .Input("x: T")
    .Output("y: T")
    .Output("index: uint8")
    .Attr("T: {float, bfloat16, half}")
    .Attr("ksize: list(int)")
    .Attr("strides: list(int)")
    .Attr("pads: list(int) = [0, 0, 0, 0]")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape);

template <class T>
class MaxPoolOp : public PoolOp {
 public:
  using PoolOp::PoolOp;

  void Compute(OpKernelContext* context) override {
    const Tensor& x = context->input(0);
    const auto sizes = x.shape().dim_sizes();
    Pool pool;
    OP_REQUIRES_OK(context, read_pool({sizes.begin(), sizes.end()}, ksize_, strides_, pads_, &pool));
    Tensor *y, *index;
    OP_REQUIRES_OK(context, context->allocate_output(0, pooled(pool), &y));
    OP_REQUIRES_OK(context, context->allocate_output(1, pooled(pool), &index));
    max_pool(parallel_on(context), pool, read<T>(x), write<T>(y), write<uint8_t>(index));
  }
};

REGISTER_PRECISIONS("BagOfTricksMaxPool", "T", MaxPoolOp);

REGISTER_OP("BagOfTricksMaxPoolGrad")
    .Input("dy: dys * T")
    .Input("index: uint8")
    .Output("dx: T")
    .Attr("T: {float, bfloat16, half}")
    .Attr("dys: int >= 1 = 1")
    .Attr("ksize: list(int)")
    .Attr("strides: list(int)")
    .Attr("pads: list(int) = [0, 0, 0, 0]")
    .Attr("input_shape: list(int)")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape);

template <class T>
class MaxPoolGradOp : public PoolOp {
 public:
  explicit MaxPoolGradOp(OpKernelConstruction* context) : PoolOp(context) {
    OP_REQUIRES_OK(context, context->GetAttr("input_shape", &shape_));
  }

  void Compute(OpKernelContext* context) override {
    OpInputList dy;
    OP_REQUIRES_OK(context, context->input_list("dy", &dy));
    const Tensor& index = context->input(dy.size());
    Pool pool;
    OP_REQUIRES_OK(context, read_pool(shape_, ksize_, strides_, pads_, &pool));
    OP_REQUIRES_OK(context, expect_list("dy", dy, 1, 2, pooled(pool)));
    OP_REQUIRES_OK(context, expect_shape("index", index, pooled(pool)));
    Tensor* dx;
    OP_REQUIRES_OK(context, context->allocate_output(0, TensorShape(shape_), &dx));
    max_pool_gradient(parallel_on(context), pool, read<T>(dy[0]), read<T>(dy, 1), read<uint8_t>(index), write<T>(dx));
  }

 private:
  std::vector<int64_t> shape_;
};

REGISTER_PRECISIONS("BagOfTricksMaxPoolGrad", "T", MaxPoolGradOp);

}  // namespace bag_of_tricks
