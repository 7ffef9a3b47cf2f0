# cmake -DOUTPUT= -P embed.cmake: page.html with page.css and page.js in it, as a string of C++.
foreach(part IN ITEMS html css js)
  file(READ ${CMAKE_CURRENT_LIST_DIR}/page.${part} ${part})
endforeach()
string(REPLACE "{{style}}" "${css}" html "${html}")
string(REPLACE "{{script}}" "${js}" html "${html}")
file(WRITE ${OUTPUT} "// Made of checker/report/page/.
namespace lockstep::check {
extern const char* const page_template;
const char* const page_template = R\"__page__(${html})__page__\";
}  // namespace lockstep::check
")
