/** Tells names apart as people see them. */
module dev.roomful.names {
  requires com.ibm.icu;
  requires static transitive org.jspecify;

  exports dev.roomful.names;
}
