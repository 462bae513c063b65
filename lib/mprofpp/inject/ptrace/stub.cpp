#include "mprofpp/inject/ptrace/stub.hpp"

namespace mprofpp::inject {
namespace {

static_assert(offsetof(StubData, step) == 0 && offsetof(StubData, pid) == 4);
static_assert(offsetof(StubData, descriptor) == 8 && offsetof(StubData, open_mode) == 12);
static_assert(offsetof(StubData, open_library) == 16 && offsetof(StubData, find_symbol) == 24);
static_assert(offsetof(StubData, error_text) == 32 && offsetof(StubData, unmap) == 40);
static_assert(offsetof(StubData, begin) == 48 && offsetof(StubData, size) == 56);
static_assert(offsetof(StubData, open_door) == 64 && offsetof(StubData, message) == 72);
static_assert(offsetof(StubData, request) == 80 && offsetof(StubData, path) == 88);
static_assert(offsetof(StubData, symbol) == 128);

}  // namespace

// It ends with a jump, because the function that it jumps to removes the memory that the stub is in. Its
// result is always 0: Python takes anything else as an exception.
asm(R"(
        .pushsection .rodata
        .globl  mprofpp_stub, mprofpp_trap, mprofpp_stub_end
        .hidden mprofpp_stub, mprofpp_trap, mprofpp_stub_end
mprofpp_stub:
        push    %rbx
        mov     %rdi, %rbx
        mov     $39, %eax               # getpid
        syscall
        cmp     %eax, 4(%rbx)
        jne     .Lremove_door
        xor     %eax, %eax
        mov     $1, %ecx
        lock cmpxchg %ecx, (%rbx)       # only the first call does anything
        jne     .Lremove_door
        mov     64(%rbx), %rax
        test    %rax, %rax
        jnz     .Lopen_door
        lea     88(%rbx), %rdi
        mov     12(%rbx), %esi
        call    *16(%rbx)               # dlopen
        test    %rax, %rax
        jz      .Lfail_door
        mov     %rax, %rdi
        lea     128(%rbx), %rsi
        call    *24(%rbx)               # dlsym
        test    %rax, %rax
        jz      .Lfail_door
        mov     %rax, 64(%rbx)
        mov     8(%rbx), %edi
        mov     $3, %eax                # close
        syscall
        movl    $-1, 8(%rbx)
        mov     64(%rbx), %rax
.Lopen_door:
        mov     80(%rbx), %rdi
        movl    $2, (%rbx)
        pop     %rbx
        jmp     *%rax
.Lfail_door:
        mov     32(%rbx), %rax
        test    %rax, %rax
        jz      1f
        call    *%rax                   # dlerror
        mov     %rax, 72(%rbx)
1:      movl    $3, (%rbx)
        xor     %eax, %eax
        pop     %rbx
        ret
.Lremove_door:
        mov     8(%rbx), %edi
        test    %edi, %edi
        js      2f
        mov     $3, %eax
        syscall
2:      mov     48(%rbx), %rdi
        mov     56(%rbx), %rsi
        mov     40(%rbx), %rax
        pop     %rbx
        jmp     *%rax                   # munmap
mprofpp_trap:
        int3
mprofpp_stub_end:
        .popsection
)");

extern "C" {
extern const char mprofpp_stub[];
extern const char mprofpp_trap[];
extern const char mprofpp_stub_end[];
}

std::span<const char> stub_code() {
  return {static_cast<const char*>(mprofpp_stub), static_cast<const char*>(mprofpp_stub_end)};
}

std::size_t trap_offset() {
  return static_cast<std::size_t>(mprofpp_trap - mprofpp_stub);
}

}  // namespace mprofpp::inject
