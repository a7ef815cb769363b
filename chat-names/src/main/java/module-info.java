/** Tells names apart as people see them. */
module dev.roomful.names {
  requires com.ibm.icu;
  requires static org.jspecify;

  exports dev.roomful.names;
}
