# Compiles ../bpf/NAME.bpf.c for both families, and makes a header of each object: NAME_ipv4.skel.h, NAME_ipv6.skel.h.
# Sets NODEPLANE_EBPF, NODEPLANE_EBPF_SKELETONS and NODEPLANE_EBPF_FOLDER.
find_program(CLANG NAMES clang clang-19 clang-16)
find_program(BPFTOOL NAMES bpftool PATHS /usr/sbin /sbin)
set(NODEPLANE_EBPF OFF)
if(NOT CLANG OR NOT BPFTOOL)
  message(WARNING "clang or bpftool is missing: the addon is built without eBPF")
  return()
endif()
set(NODEPLANE_EBPF ON)
set(NODEPLANE_EBPF_FOLDER ${CMAKE_CURRENT_BINARY_DIR}/bpf)
file(MAKE_DIRECTORY ${NODEPLANE_EBPF_FOLDER})

set(bpf_sources ${CMAKE_CURRENT_SOURCE_DIR}/../bpf)
file(GLOB bpf_headers CONFIGURE_DEPENDS ${bpf_sources}/*.h ${bpf_sources}/steps/*.h)
set(NODEPLANE_EBPF_SKELETONS)

# clang compiles for no machine in particular, and looks for <asm/types.h> nowhere by itself.
set(bpf_flags -O2 -g -target bpf -mcpu=v3 -Wall -Wextra -Wno-unused-parameter -Werror
  -I/usr/include/${CMAKE_LIBRARY_ARCHITECTURE})

function(add_bpf_object name family words)
  set(object ${NODEPLANE_EBPF_FOLDER}/${name}_${family}.bpf.o)
  set(skeleton ${NODEPLANE_EBPF_FOLDER}/${name}_${family}.skel.h)
  add_custom_command(OUTPUT ${object} ${skeleton}
    COMMAND ${CLANG} ${bpf_flags} -DNP_WORDS=${words} -c ${bpf_sources}/${name}.bpf.c -o ${object}
    COMMAND ${BPFTOOL} gen skeleton ${object} name ${name}_${family} > ${skeleton}
    DEPENDS ${bpf_sources}/${name}.bpf.c ${bpf_headers}
    VERBATIM)
  set(NODEPLANE_EBPF_SKELETONS ${NODEPLANE_EBPF_SKELETONS} ${skeleton} PARENT_SCOPE)
endfunction()

foreach(name tc socket)
  add_bpf_object(${name} ipv4 1)
  add_bpf_object(${name} ipv6 4)
endforeach()
