{{ mesures_longues('insee.recensement_qpv') }}
