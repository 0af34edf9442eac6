{{ mesures_longues('insee.filosofi_qpv') }}
