/* The beginning of a program that runs with any glibc, in place of the compiler's (-nostartfiles), which asks
 * for 2.34 since that version. The rest of the program may use what is as old. */
int main(void);

__asm__(
#if defined(__x86_64__)
    ".symver __libc_start_main, __libc_start_main@GLIBC_2.2.5\n"
    ".globl _start\n"
    "_start:\n"
    "  xor %ebp, %ebp\n"
    "  mov %rdx, %r9\n"
    "  pop %rsi\n"
    "  mov %rsp, %rdx\n"
    "  and $-16, %rsp\n"
    "  push %rax\n"
    "  push %rsp\n"
    "  xor %r8d, %r8d\n"
    "  xor %ecx, %ecx\n"
    "  lea main(%rip), %rdi\n"
    "  call *__libc_start_main@GOTPCREL(%rip)\n"
    "  hlt\n"
#else
#error "written for x86_64"
#endif
);
